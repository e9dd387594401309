import type { FastifyReply, FastifySchemaValidationError } from 'fastify';
import { AppError, type ErrorCode } from '../model/app-error.ts';
import { bounded, printable } from '../model/text.ts';
import type { ProblemJson } from './contract/problem.ts';

/** What only HTTP can refuse or suffer: these codes stand beside the catalogue of AppError. */
export const HTTP_CODES = {
  HOST_REFUSED: 421,
  ORIGIN_REFUSED: 403,
  TOO_MANY_CLIENTS: 503,
  INTERNAL: 500,
} as const;

/** Codes that a request can meet; every other one is ours to mend: 500. */
const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  INPUT_INVALID: 400,
  NOT_FOUND: 404,
  SCOPE_REFUSED: 409,
  DATABASE: 503,
  NETWORK: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function problem(status: number, code: string, detail?: string): ProblemJson {
  const title = TITLES[status] ?? (status < 500 ? 'Bad Request' : 'Internal Server Error');
  return { type: 'about:blank', status, title, code, ...(detail === undefined ? {} : { detail }) };
}

/** Anything thrown, as a stranger may see it: from status 500 on no word of what happened, and never a stack. */
export function toProblem(error: unknown): ProblemJson {
  if (error instanceof AppError) {
    const status = STATUS_OF[error.code] ?? 500;
    const detail = [error.message, error.hint].filter((text) => text !== undefined).join(' ');
    return problem(status, error.code, status < 500 ? detail : undefined);
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message?: string };
  if (statusCode < 400 || statusCode >= 500) return problem(500, 'INTERNAL');
  return problem(statusCode, statusCode === 404 ? 'NOT_FOUND' : 'INPUT_INVALID', message);
}

/** Answers a request with a problem. */
export const sendProblem = (reply: FastifyReply, body: ProblemJson): FastifyReply =>
  reply.code(body.status).type('application/problem+json').send(body);

/** Answers a request with a refusal that only HTTP knows. */
export const refuse = (reply: FastifyReply, code: keyof typeof HTTP_CODES, detail: string): FastifyReply =>
  sendProblem(reply, problem(HTTP_CODES[code], code, detail));

const PARTS: Readonly<Record<string, string>> = {
  querystring: 'query parameter',
  params: 'path parameter',
  headers: 'header',
  body: 'key',
};

/** What is wrong with a request, in one sentence that names the parameter and what it may be. */
export function describeInvalid(errors: readonly FastifySchemaValidationError[], part: string): Error {
  const [first] = errors;
  const { additionalProperty, allowedValues } = first?.params ?? {};
  const word = PARTS[part] ?? part;
  if (typeof additionalProperty === 'string')
    return new Error(`Unknown ${word} "${printable(bounded(additionalProperty, 100))}".`);
  const name = first?.instancePath.split('/')[1];
  const subject = name === undefined ? `The ${part}` : `The ${word} "${name}"`;
  if (Array.isArray(allowedValues))
    return new Error(`${subject} must be one of ${allowedValues.join(', ')}.`);
  return new Error(`${subject} ${first?.message ?? 'is not valid'}.`);
}

/** What is said on a connection whose bytes were no request, or came too slowly or too large. */
export function clientErrorResponse(code: string | undefined): string {
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const body = problem(status, 'INPUT_INVALID');
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${body.title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${text.length}`,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
