/** What befalls one request to a neighbour, or its answer. */
export const FAULTS = [
  /** Late, within every timeout. */
  'slow',
  /** So late that any more would be too late. */
  'slower',
  /** Done, and answered beyond every timeout. */
  'late',
  /** Taken, and never answered. */
  'hang',
  /** The connection ends before anything is done. */
  'reset',
  /** Done; the connection ends before the answer. */
  'reset after',
  /** Done; half of the answer, and the connection ends. */
  'cut',
  /** Done; half of the answer, and nothing more on a connection that stays. */
  'stall',
  /** Done, and answered a byte at a time. */
  'drip',
  /** A page in place of the answer: 200. */
  'html',
  /** An answer to something else, of the right kind: 200. */
  'foreign',
  /** 200, and nothing. */
  'empty',
  /** What was answered to somebody else before. */
  'swapped',
  '500',
  '503',
  /** In the neighbour's own form. */
  'throttled',
] as const;
export type Fault = (typeof FAULTS)[number];

/** A kind of neighbour: what it says when it fails, and how late is late. */
export interface NeighbourKind {
  readonly slowMilliseconds: number;
  readonly slowerMilliseconds: number;
  readonly lateMilliseconds: number;
  readonly answers: Readonly<Record<'foreign' | '500' | '503' | 'throttled', Answer>>;
  /** What a request asks for: answers to the same may be swapped. */
  readonly operationOf: (request: {
    readonly headers: NodeJS.Dict<string | string[]>;
    body: string;
  }) => string;
}

/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

function answer(status: number, type: string, body: string): Answer {
  return { status, headers: { 'content-type': type }, body: Buffer.from(body) };
}

/** A captive portal's, a proxy's, a maintenance page. */
export const HTML = answer(200, 'text/html', '<!DOCTYPE html><html><body>Back&nbsp;soon<br></body></html>');
export const EMPTY = answer(200, 'application/octet-stream', '');

const unavailablePage = answer(503, 'text/html', '<html>503 Service Unavailable</html>');

/** An issuer's key set. Its time is 1000 ms. */
export const KEY_SET: NeighbourKind = {
  slowMilliseconds: 200,
  slowerMilliseconds: 700,
  lateMilliseconds: 1400,
  answers: {
    foreign: answer(200, 'application/json', '{"issuer":"https://elsewhere.example"}'),
    '500': answer(500, 'application/json', '{"error":"server_error"}'),
    '503': unavailablePage,
    throttled: answer(429, 'application/json', '{"error":"slow_down"}'),
  },
  operationOf: () => 'keys',
};

const dynamoDb = (status: number, type: string, message: string) =>
  answer(
    status,
    'application/x-amz-json-1.0',
    JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
  );

/** A table of DynamoDB: 500 ms a try, two tries; 300 ms in all where limits are shared. */
export const TABLE: NeighbourKind = {
  slowMilliseconds: 60,
  slowerMilliseconds: 280,
  lateMilliseconds: 800,
  answers: {
    foreign: answer(200, 'application/x-amz-json-1.0', '{"TableNames":["other"]}'),
    '500': dynamoDb(500, 'InternalServerError', 'Internal server error'),
    '503': unavailablePage,
    throttled: dynamoDb(400, 'ThrottlingException', 'Rate of requests exceeds the allowed throughput.'),
  },
  operationOf: ({ headers }) => String(headers['x-amz-target']),
};

const sts = (status: number, type: string, code: string, message: string) =>
  answer(
    status,
    'text/xml',
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>${type}</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>5f3d2c1b-0000-4000-8000-000000000000</RequestId></ErrorResponse>`,
  );

/** An STS: 750 ms a try. */
export const STS: NeighbourKind = {
  slowMilliseconds: 200,
  slowerMilliseconds: 500,
  lateMilliseconds: 1100,
  answers: {
    foreign: answer(
      200,
      'text/xml',
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        '<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    ),
    '500': sts(500, 'Receiver', 'InternalFailure', 'The request processing has failed.'),
    '503': sts(503, 'Receiver', 'ServiceUnavailable', 'The service is unavailable.'),
    throttled: sts(400, 'Sender', 'Throttling', 'Rate exceeded'),
  },
  operationOf: ({ body }) => new URLSearchParams(body).get('Action') ?? '',
};

/** Beside what befalls a request: nobody listens. */
export type Outage = Fault | 'refused';

/** Nothing is heard of these until a timeout, and each takes as long. */
export const TIMED_OUT: readonly Outage[] = ['hang', 'late', 'stall', 'drip'];
/** What fails at once. */
export const FAILED: readonly Outage[] = [
  'refused',
  'reset',
  'reset after',
  'cut',
  '500',
  '503',
  'throttled',
];
/** What looks like an answer. */
export const GARBLED: readonly Outage[] = ['html', 'foreign', 'empty'];
