declare const SESSION_TEST_TIMEOUT: number;

jest.setTimeout(SESSION_TEST_TIMEOUT);
