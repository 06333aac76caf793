{
    const names = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED'];
    const { log } = console, { stringify } = JSON;
    const line = (...values) => log('WPT ' + stringify(values));
    add_result_callback((test) => line('result', test.name, names[test.status], String(test.message).slice(0, 300)));
    add_completion_callback((tests, status) => line('end', tests.length, status.status, String(status.message ?? '').slice(0, 300)));
}
