// Reads a course on the first line; then applies it once for each further line, in the way that the
// line names: "engine" (no worker for CQL, no dose), "worker" (encender's own worker, no dose) or
// "doses" (a CQL expression for each dose). Answers each with a line of JSON.
import { createInterface } from "node:readline";
import { applyPlan, simpleResolver } from "encender";

const BASE = "https://example.org/fhir/";
const DECIMAL = "{urn:hl7-org:elm-types:r1}Decimal";
const literal = (value) => ({ type: "Literal", valueType: DECIMAL, value: `${value}` });
const defined = (name, expression) => ({ name, context: "Patient", accessLevel: "Public", expression });

// √(height × weight / 3600), rounded to two decimals, from figures that stand in the library: the
// least that a dose expression can cost, for nothing is looked up in the patient's record.
function library(course) {
  const product = { type: "Multiply", operand: [literal(course.height), literal(course.weight)] };
  const square = { type: "Divide", operand: [product, literal("3600.0")] };
  const root = { type: "Power", operand: [square, literal("0.5")] };
  const precision = { type: "Literal", valueType: "{urn:hl7-org:elm-types:r1}Integer", value: "2" };
  const area = { type: "Round", operand: root, precision };
  const dose = ({ value, per }) =>
    per === null
      ? literal(value)
      : { type: "Multiply", operand: [literal(value), { type: "ExpressionRef", name: "Area" }] };
  return {
    library: {
      identifier: { id: "Doses", version: "1.0.0" },
      schemaIdentifier: { id: "urn:hl7-org:elm", version: "r1" },
      usings: { def: [{ localIdentifier: "System", uri: "urn:hl7-org:elm-types:r1" },
        { localIdentifier: "FHIR", uri: "http://hl7.org/fhir", version: "4.0.1" }] },
      statements: { def: [defined("Area", area),
        ...course.doses.map((each, nth) => defined(`Dose${nth}`, dose(each)))] },
    },
  };
}

function definition(course, withDoses) {
  return {
    resourceType: "PlanDefinition",
    id: "course",
    url: `${BASE}PlanDefinition/course`,
    status: "draft",
    ...(withDoses ? { library: [`${BASE}Library/Doses`] } : {}),
    action: course.actions.map(({ title, drug, dose }) => ({
      title,
      definitionCanonical: `${BASE}ActivityDefinition/${drug}`,
      ...(withDoses ? { dynamicValue: [{
        path: "dosageInstruction[0].doseAndRate[0].doseQuantity.value",
        expression: { language: "text/cql", expression: `Dose${dose}` },
      }] } : {}),
    })),
  };
}

// Stands for the worker where no expression is to be evaluated.
const silent = { postMessage() {}, terminate() {}, addEventListener() {}, on() {} };

function ways(course) {
  const activities = [...new Set(course.actions.map(({ drug }) => drug))].map((drug) => ({
    resourceType: "ActivityDefinition",
    id: drug,
    url: `${BASE}ActivityDefinition/${drug}`,
    status: "draft",
    kind: "MedicationRequest",
    intent: "order",
    productCodeableConcept: { text: drug },
  }));
  const resolver = simpleResolver([{ resourceType: "Patient", id: "1" }, ...activities]);
  const plain = definition(course, false);
  const dosed = definition(course, true);
  return {
    engine: [plain, resolver, { isNodeJs: true, WorkerFactory: () => silent }],
    worker: [plain, resolver, {}],
    doses: [dosed, resolver, { elmJsonDependencies: { Doses: library(course) } }],
  };
}

let known = null;
for await (const line of createInterface({ input: process.stdin })) {
  if (known === null) {
    known = ways(JSON.parse(line));
    continue;
  }
  const [plan, resolver, aux] = known[line];
  const begun = process.hrtime.bigint();
  const before = process.cpuUsage();
  const [, , ...made] = await applyPlan(plan, "Patient/1", resolver, aux);
  const wall = Number(process.hrtime.bigint() - begun) / 1e9;
  const { user, system } = process.cpuUsage(before);
  const value = (each) => each.dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity?.value;
  const dosed = made.filter((each) => typeof value(each) === "number").length;
  console.log(JSON.stringify({ wall, processor: (user + system) / 1e6, resources: made.length, dosed }));
}
