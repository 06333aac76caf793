// Tells a chat room about purchases that failed: Slack, Mattermost, Discord (add /slack to its URL), Google Chat, or
// whatever else takes {"text": ...}.
//
// The URL of the room's webhook is a secret. It comes from the environment, and trackhook.yaml grants it, by the name
// of this file:
//
//   plugins:
//     chat-alert: { allow_hosts: [hooks.slack.com], env: [CHAT_URL] }
//
//   CHAT_URL=https://hooks.slack.com/services/... trackhook run --config trackhook.yaml
//
// A purchase is told of at its first failure, and once more if it is given up, which is when somebody has to act; the
// attempts in between are not news. What was told is in localStorage, so neither a reload, a restart nor a crash
// tells it again. A room that does not answer is reported in the log, and stops nothing.

const ALWAYS = []; // event tokens that matter without revenue, such as ["abc123"]

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setEventTrackingFailedCallbackListener(async function (event) {
  if (!event.request.revenue && !ALWAYS.includes(event.eventToken)) {
    return;
  }
  const news = event.willRetry ? "failed" : "given up";
  const told = localStorage.getItem(event.id)?.split(" at ")[0];
  if (told === news || told === "given up") {
    return;
  }
  if (await tell(textOf(event))) {
    localStorage.setItem(event.id, `${news} at ${new Date().toISOString()}`);
  }
});

adjustConfig.setEventTrackingSucceededCallbackListener((event) => localStorage.removeItem(event.id));

Adjust.create(adjustConfig);

if (!process.env.CHAT_URL) {
  console.error("CHAT_URL is missing: failed purchases will be in this log only; grant it under plugins.chat-alert in trackhook.yaml");
}

// A purchase that is older than the server accepts (58 days) has no more news.
const OLD = 60 * 24 * 60 * 60 * 1000;
for (const [id, told] of Object.entries(localStorage)) {
  if (Date.now() - Date.parse(told.split(" at ")[1]) > OLD) {
    localStorage.removeItem(id);
  }
}

function textOf(event) {
  const { revenue, currency = "" } = event.request;
  const what = revenue ? `Purchase ${event.eventToken} of ${revenue} ${currency}`.trimEnd() : `Event ${event.eventToken}`;
  const next = event.willRetry
    ? `it is sent again at ${event.nextAttemptAt.toISOString()}`
    : `it is not sent again; see: trackhook queue show ${event.id}`;
  return `${what} failed: ${event.message}; ${next}`;
}

// tell returns whether the room has the text.
async function tell(text) {
  if (!process.env.CHAT_URL) {
    console.error(text);
    return true;
  }
  try {
    const answer = await fetch(process.env.CHAT_URL, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(3000),
    });
    if (answer.ok) {
      return true;
    }
    console.error(`the chat room answered ${answer.status} to: ${text}`);
  } catch (error) {
    console.error(`the chat room cannot be reached (${error.cause?.message ?? error.message}) for: ${text}`);
  }
  return false;
}
