// Reads .ics files with the npm package ical. It knows no zones: it tells the clock time as it stands,
// in the machine's zone (UTC here), and the zone's name beside it.
const ical = require("ical");

const said = (time) => {
  if (time === undefined) return null;
  const text = time.toISOString();
  return time.tz === undefined ? text.slice(0, 10) : `${text.slice(0, 19)} ${time.tz}`;
};

const read = (path) =>
  Object.values(ical.parseFile(path))
    .filter((part) => part.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      title: event.summary,
      start: said(event.start),
      end: said(event.end),
      status: event.status,
      sequence: Number(event.sequence),
    }));

console.log(JSON.stringify(process.argv.slice(2).map(read)));
