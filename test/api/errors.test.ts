import { describe, expect, it } from 'vitest';
import { clientErrorResponse, toProblem } from '../../src/api/errors.ts';
import { AppError } from '../../src/model/app-error.ts';

describe('toProblem', () => {
  it('says what is wrong with a request, and what to do', () => {
    const error = new AppError('SCOPE_REFUSED', 'Without a scope nothing is sent.', { hint: 'Write one.' });
    expect(toProblem(error)).toEqual({
      type: 'about:blank',
      status: 409,
      title: 'Conflict',
      code: 'SCOPE_REFUSED',
      detail: 'Without a scope nothing is sent. Write one.',
    });
  });

  it.each([
    [new AppError('DATABASE', 'The database /secret/inventory.db is locked.'), 503, 'DATABASE'],
    [
      new AppError('DATABASE_CORRUPT', 'The database /secret/inventory.db is damaged.'),
      500,
      'DATABASE_CORRUPT',
    ],
    [new TypeError('secret is not a function'), 500, 'INTERNAL'],
    ['secret', 500, 'INTERNAL'],
  ])('keeps what went wrong inside to itself: %s', (error, status, code) => {
    const problem = toProblem(error);
    expect(problem).toMatchObject({ status, code });
    expect(JSON.stringify(problem)).not.toMatch(/secret| at /);
  });
});

describe('clientErrorResponse', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
    ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
    ['HPE_INVALID_METHOD', '400 Bad Request'],
    [undefined, '400 Bad Request'],
  ])('answers %s with a problem', (code, statusLine) => {
    const [head = '', body = ''] = clientErrorResponse(code).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${statusLine}\r\n`);
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body)).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
