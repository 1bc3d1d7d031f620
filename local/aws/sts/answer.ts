import XMLBuilder from 'fast-xml-builder';
import type { AwsError } from '../aws-error.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const builder = new XMLBuilder({ ignoreAttributes: false });

/** The answer to an operation that succeeded, as `<AssumeRoleResponse>` holding `<AssumeRoleResult>`. */
export function resultResponse(action: string, result: object, requestId: string): Response {
  return xmlResponse(200, requestId, {
    [`${action}Response`]: {
      '@_xmlns': NAMESPACE,
      [`${action}Result`]: result,
      ResponseMetadata: { RequestId: requestId },
    },
  });
}

/** The answer to a call that was refused. */
export function errorResponse({ code, status, message }: AwsError, requestId: string): Response {
  // XML has no way to write most control characters, and a refused value may hold any.
  const Message = message.replace(/\p{Cc}/gu, '\uFFFD');
  return xmlResponse(status, requestId, {
    ErrorResponse: {
      '@_xmlns': NAMESPACE,
      Error: { Type: 'Sender', Code: code, Message },
      RequestId: requestId,
    },
  });
}

function xmlResponse(status: number, requestId: string, document: object): Response {
  return new Response(builder.build(document), {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  });
}
