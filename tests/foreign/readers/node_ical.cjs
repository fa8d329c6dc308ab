// Reads .ics files with node-ical.
const ical = require("node-ical");

const said = (time) => {
  if (time === undefined) return null;
  // Whole days are told as midnight of the machine's zone, which is UTC here.
  return time.dateOnly ? time.toISOString().slice(0, 10) : time.toISOString();
};

const read = (path) =>
  Object.values(ical.sync.parseFile(path))
    .filter((part) => part.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      title: event.summary,
      start: said(event.start),
      // Where the file gives no end, it tells the start again.
      end: Number(event.end) === Number(event.start) ? null : said(event.end),
      status: event.status,
      sequence: Number(event.sequence),
    }));

console.log(JSON.stringify(process.argv.slice(2).map(read)));
