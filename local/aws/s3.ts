import { randomUUID } from 'node:crypto';
import type { AuthorizationMessages } from './authorization-messages.ts';
import { type Authorize, createAuthorize } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import type { Bucket } from './s3/object-store.ts';
import type { S3Call } from './s3/operation.ts';
import { routeS3 } from './s3/route.ts';
import { errorDocument } from './s3/xml.ts';
import type { Sessions } from './session.ts';
import { verifySignature } from './sigv4.ts';
import { readWireRequest, type WireBindings, type WireRequest } from './wire-request.ts';

/** What the local S3 is made with. */
export interface S3Options {
  readonly account: string;
  readonly region: string;
  /** The buckets there are, all of `account` and empty at first; none can be made later. */
  readonly bucketNames: readonly string[];
  readonly sessions: Sessions;
  readonly clock: () => Date;
  /** Told of every refusal in one line, with the reason. */
  readonly log: (message: string) => void;
  /** Go with denials; left out, none do. */
  readonly messages?: AuthorizationMessages | undefined;
}

/** Condition keys of S3 that no request to this door has, because the header or feature behind each is refused or not there. */
const ABSENT_IN_S3 = [
  's3:BucketTag/*',
  's3:ExistingObjectTag/*',
  's3:RequestObjectTag/*',
  's3:RequestObjectTagKeys',
  's3:AccessPointNetworkOrigin',
  's3:DataAccessPointAccount',
  's3:DataAccessPointArn',
  's3:TlsVersion',
  's3:VersionId',
  's3:signatureAge',
  's3:x-amz-acl',
  's3:x-amz-copy-source',
  's3:x-amz-metadata-directive',
  's3:x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:x-amz-server-side-encryption-customer-algorithm',
  's3:x-amz-storage-class',
  's3:x-amz-website-redirect-location',
];

/** Present only in the requests that give them a value. */
const ABSENT_UNLESS_GIVEN = {
  's3:prefix': undefined,
  's3:delimiter': undefined,
  's3:max-keys': undefined,
  's3:if-match': undefined,
  's3:if-none-match': undefined,
};

/**
 * An S3 in memory that opens only to sessions, as far as their policies reach. Path-style requests, signed in their headers; what it
 * does not know is answered 501 NotImplemented, never left undone in silence.
 */
export function createS3Door(options: S3Options): Door {
  const buckets = new Map<string, Bucket>(options.bucketNames.map((name) => [name, new Map()]));
  const authorize = createAuthorize({ ...options, denial: { code: 'AccessDenied', status: 403 } });
  return async (request, bindings) => {
    const requestId = randomUUID();
    const response = await answer(request, bindings).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      const url = bindings.incoming.url ?? '/';
      options.log(describeRefusal(`S3 ${request.method} ${url}`, error));
      return refuse(error, request.method, url, requestId);
    });
    response.headers.set('x-amz-request-id', requestId);
    return response;
  };

  async function answer(request: Request, bindings: WireBindings): Promise<Response> {
    const wire = await readWireRequest(request, bindings);
    const call = openCall(wire, buckets, authorize, options);
    return call.operation.run(call);
  }
}

function openCall(
  wire: WireRequest,
  buckets: ReadonlyMap<string, Bucket>,
  authorize: Authorize,
  options: S3Options,
) {
  const verified = verifySignature(wire, { ...options, service: 's3' });
  const { operation, bucketName, key, query } = routeS3(wire);
  const bucket = buckets.get(bucketName);
  if (!bucket) throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist');
  const permit: S3Call['permit'] = (action, on) => {
    const resource = `arn:aws:s3:::${bucketName}${on.key === undefined ? '' : `/${on.key}`}`;
    const values = {
      ...ABSENT_UNLESS_GIVEN,
      's3:ResourceAccount': options.account,
      's3:authType': 'REST-HEADER',
      's3:signatureversion': 'AWS4-HMAC-SHA256',
      's3:x-amz-content-sha256': verified.payloadHash,
      ...on.values,
    };
    authorize(verified.session, action, resource, { values, absent: ABSENT_IN_S3 });
  };
  const { headers, body } = wire;
  const { region, clock } = options;
  return { operation, bucketName, bucket, key, query, headers, body, verified, region, clock, permit };
}

function refuse(error: AwsError, method: string, url: string, requestId: string): Response {
  const document = errorDocument(error, url.split('?')[0] ?? '/', requestId);
  return new Response(method === 'HEAD' ? null : document, {
    status: error.status,
    headers: { 'content-type': 'application/xml' },
  });
}
