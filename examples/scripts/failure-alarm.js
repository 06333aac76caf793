// Prints an alarm when more than a tenth of the last 200 answers are failures, and a line when it is over. Point the
// pager of your choice at log lines of level error.

const WINDOW = 200; // answers that are looked at
const LEAST = 20; // answers before an alarm makes sense
const LIMIT = 0.1; // share of failures that is too much

const adjustConfig = new AdjustConfig(appToken, environment);

adjustConfig.setSessionTrackingSucceededCallbackListener(() => note(false));
adjustConfig.setEventTrackingSucceededCallbackListener(() => note(false));
adjustConfig.setSessionTrackingFailedCallbackListener((session) => note(true, session.message));
adjustConfig.setEventTrackingFailedCallbackListener((event) => note(true, event.message));

Adjust.create(adjustConfig);

const answers = []; // true for a failure, newest last
let failures = 0;
let latest = ""; // message of the latest failure
let alarmed = false;

function note(failed, message) {
  latest = failed ? message : latest;
  answers.push(failed);
  failures += failed ? 1 : 0;
  if (answers.length > WINDOW) {
    failures -= answers.shift() ? 1 : 0;
  }
  const share = failures / answers.length;
  if (!alarmed && answers.length >= LEAST && share > LIMIT) {
    alarmed = true;
    console.error(`ALARM: ${failures} of the last ${answers.length} answers for ${appToken} are failures, latest: ${latest}`);
  } else if (alarmed && share <= LIMIT / 2) {
    alarmed = false;
    console.log(`over: ${failures} of the last ${answers.length} answers for ${appToken} are failures`);
  }
}
