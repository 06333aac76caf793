// The listeners of bench_test.go under Node, called with ordinary objects whose bodies JSON.parse makes:
// node listeners.mjs NAME CALLS BODY prints the processor time of a call in nanoseconds.
import { format, inspect } from "node:util";

const [name, calls, body] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
let line = "";
const console = { log(value) { line = typeof value === "string" ? value : inspect(value); } };

const listeners = {
  L1(eventSuccess) { console.log(eventSuccess.timestamp); },
  L2(eventSuccess) {
    console.log("Event tracking succeeded!");
    console.log(eventSuccess.message);
    console.log(eventSuccess.timestamp);
    console.log(eventSuccess.eventToken);
    console.log(eventSuccess.callbackId);
    console.log(eventSuccess.adid);
    console.log(eventSuccess.jsonResponse);
  },
  L3(eventSuccess) { return eventSuccess.jsonResponse.attribution.network === "Organic"; },
};

const listener = listeners[name];
let kept = 0;
function run(n) {
  for (let i = 0; i < n; i++) {
    const response = {
      message: "Event tracked", timestamp: "2024-05-06T12:34:56.789Z+0000", eventToken: "abc123", callbackId: "order-17",
      adid: "9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1", jsonResponse: JSON.parse(body),
    };
    if (listener(response)) kept++;
  }
}
run(Math.min(calls, 20_000)); // until it is compiled
const before = process.cpuUsage();
run(calls);
const used = process.cpuUsage(before);
process.stdout.write(format("%d", ((used.user + used.system) * 1000) / calls));
if (kept < 0 || line === undefined) process.exit(1);
