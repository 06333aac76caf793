// Tracks a second event for the same device once a purchase has really been delivered, so that a campaign can count
// confirmed purchases.
//
// Adjust.trackEvent would act for the device of this host; so the event is handed in where every sender hands in, at
// the host's own address, with the ids of the device that the purchase was sent with. A script may not reach this
// machine unless it is granted:
//
//   plugins:
//     follow-up-device: { allow_hosts: ["127.0.0.1:8787"] }
//
// (and env: [TRACKHOOK_TOKEN] as well, if the host wants a token of its senders.)
//
// Nothing is lost between the two: what the host has not accepted yet is in localStorage, and is handed in again each
// minute. Nothing is counted twice: the host knows the deduplication_id.

const PURCHASE = "abc123"; // event token of the purchase
const CONFIRMED = "cnf123"; // event token of the follow-up
const HOST = "http://127.0.0.1:8787";

// What says whose event it is, and where it happened.
const DEVICE = [
  "idfa", "idfv", "gps_adid", "android_id", "google_app_set_id", "fire_adid", "oaid", "win_adid", "win_udid", "web_uuid",
  "vida", "rida", "tifa", "lgudid", "external_device_id", "primary_dedupe_token", "adid", "ip_address", "os_name",
];

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setEventTrackingSucceededCallbackListener(async function (event) {
  if (event.eventToken !== PURCHASE || event.duplicate) {
    return;
  }
  const sent = event.request;
  const follow = new URLSearchParams({
    s2s: "1", app_token: sent.app_token, environment: sent.environment, event_token: CONFIRMED,
    deduplication_id: `confirmed-${event.id}`, callback_params: JSON.stringify({ purchase: event.id }),
  });
  for (const name of DEVICE.filter((name) => sent[name])) {
    follow.set(name, sent[name]);
  }
  localStorage.setItem(event.id, follow.toString());
  await handIn(event.id);
});

Adjust.create(adjustConfig);

async function handIn(id) {
  const body = localStorage.getItem(id);
  if (body === null) {
    return; // it was taken meanwhile
  }
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  if (process.env.TRACKHOOK_TOKEN) {
    headers.Authorization = `Bearer ${process.env.TRACKHOOK_TOKEN}`;
  }
  try {
    const answer = await fetch(`${HOST}/event`, { method: "POST", headers, body, signal: AbortSignal.timeout(3000) });
    if (answer.ok) {
      localStorage.removeItem(id);
      console.log(`purchase ${id} is delivered, follow-up tracked`);
    } else if (answer.status === 400) {
      localStorage.removeItem(id); // it would never be taken
      console.error(`the follow-up of purchase ${id} was refused: ${await answer.text()}`);
    } else {
      console.error(`the follow-up of purchase ${id} was not taken (${answer.status} ${await answer.text()}); it is tried again`);
    }
  } catch (error) {
    console.error(`the follow-up of purchase ${id} was not taken (${error.cause?.message ?? error.message}); it is tried again`);
  }
}

async function handInAll() {
  for (const id of Object.keys(localStorage)) {
    await handIn(id);
  }
}
setInterval(handInAll, 60 * 1000);
