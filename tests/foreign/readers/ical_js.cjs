// Reads .ics files with ical.js, and by the rules of the file's own VTIMEZONE alone.
const fs = require("fs");

async function main() {
  const ICAL = (await import("ical.js")).default;
  const said = (time) => {
    if (time.isDate) return time.toString();
    // A floating time would silently be taken for UTC.
    if (time.zone.tzid === "floating") throw new Error("a floating time");
    return new Date(time.toUnixTime() * 1000).toISOString();
  };
  const read = (path) => {
    ICAL.TimezoneService.reset();
    const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(path, "utf8")));
    for (const zone of calendar.getAllSubcomponents("vtimezone"))
      ICAL.TimezoneService.register(new ICAL.Timezone(zone));
    return calendar.getAllSubcomponents("vevent").map((part) => {
      const event = new ICAL.Event(part);
      return {
        uid: event.uid,
        title: event.summary,
        start: said(event.startDate),
        end: part.hasProperty("dtend") ? said(event.endDate) : null,
        status: part.getFirstPropertyValue("status"),
        sequence: event.sequence,
      };
    });
  };
  console.log(JSON.stringify(process.argv.slice(2).map(read)));
}

main();
