// Reads a course on the first line; then applies it once for each further line, in the way that the
// line names: "engine" (no worker for CQL, no dose), "worker" (encender's own worker, no dose),
// "doses" (a CQL expression for each dose, with height and weight as literals) or "record" (the same
// with both read from the patient's observations). Answers each with a line of JSON.
import { createInterface } from "node:readline";
import { applyPlan, simpleResolver } from "encender";

const BASE = "https://example.org/fhir/";
const DECIMAL = "{urn:hl7-org:elm-types:r1}Decimal";
const literal = (value) => ({ type: "Literal", valueType: DECIMAL, value: `${value}` });
const defined = (name, expression) => ({ name, context: "Patient", accessLevel: "Public", expression });

const LOINC = { height: "8302-2", weight: "29463-7" };

const observed = (name) => ({
  type: "Property",
  path: "value.value.value",
  source: { type: "First", source: {
    type: "Retrieve",
    dataType: "{http://hl7.org/fhir}Observation",
    codeProperty: "code",
    codeComparator: "~",
    codes: { type: "ToList", operand: { type: "CodeRef", name } },
  } },
});

// √(height × weight / 3600), rounded to two decimals, and each dose as a multiple of it.
function library(course, measured) {
  const product = { type: "Multiply", operand: [measured("height"), measured("weight")] };
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
      codeSystems: { def: [{ name: "LOINC", id: "http://loinc.org", accessLevel: "Public" }] },
      codes: { def: Object.entries(LOINC).map(([name, id]) =>
        ({ name, id, accessLevel: "Public", codeSystem: { name: "LOINC" } })) },
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
  const observations = Object.entries(LOINC).map(([name, code]) => ({
    resourceType: "Observation",
    id: name,
    status: "final",
    subject: { reference: "Patient/1" },
    code: { coding: [{ system: "http://loinc.org", code }] },
    valueQuantity: { value: Number(course[name]), unit: name === "height" ? "cm" : "kg" },
  }));
  const patient = { resourceType: "Patient", id: "1" };
  const resolver = simpleResolver([patient, ...observations, ...activities]);
  const plain = definition(course, false);
  const dosed = definition(course, true);
  const withLibrary = (measured) => ({ elmJsonDependencies: { Doses: library(course, measured) } });
  return {
    engine: [plain, resolver, { isNodeJs: true, WorkerFactory: () => silent }],
    worker: [plain, resolver, {}],
    doses: [dosed, resolver, withLibrary((name) => literal(course[name]))],
    record: [dosed, resolver, withLibrary(observed)],
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
  const values = made.map(value).filter((each) => typeof each === "number");
  const sum = Math.round(values.reduce((all, each) => all + each, 0) * 100) / 100;
  console.log(JSON.stringify({
    wall, processor: (user + system) / 1e6, resources: made.length, dosed: values.length, sum,
  }));
}
