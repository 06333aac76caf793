// Counts the answers per event token and outcome, and prints the counts when the day (UTC) is over: the numbers to
// compare with the dashboard.
//
//   2026-05-01  abc123   delivered 1204  duplicate 3  rejected 1
//
// The counts live in this version of the script: they start again when the file is edited or the host restarts.

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setEventTrackingSucceededCallbackListener(count);
adjustConfig.setEventTrackingFailedCallbackListener(function (event) {
  // An attempt that will be repeated is not an outcome yet.
  if (!event.willRetry) {
    count(event);
  }
});

Adjust.create(adjustConfig);

let day = today();
const counts = new Map(); // event token -> { outcome: count }

function count(event) {
  rollOver();
  const row = counts.get(event.eventToken) || {};
  row[event.outcome] = (row[event.outcome] || 0) + 1;
  counts.set(event.eventToken, row);
}

function rollOver() {
  if (day !== today()) {
    print();
    counts.clear();
    day = today();
  }
}

function print() {
  for (const [token, row] of [...counts].sort()) {
    const cells = Object.keys(row).sort().map((outcome) => `${outcome} ${row[outcome]}`);
    console.log(`${day}  ${token}  ${cells.join("  ")}`);
  }
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

// A quiet night still gets its summary soon after midnight.
setInterval(rollOver, 60 * 1000);
