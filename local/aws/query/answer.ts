import XMLBuilder from 'fast-xml-builder';
import type { AwsError } from '../aws-error.ts';

/** The answers of one service that speaks the Query protocol. */
export interface QueryAnswers {
  /** To an operation that succeeded, as `<AssumeRoleResponse>` holding `<AssumeRoleResult>`; no result for one that has none. */
  readonly result: (action: string, result: object | undefined, requestId: string) => Response;
  /** To a call that was refused. */
  readonly refusal: (error: AwsError, requestId: string) => Response;
}

const builder = new XMLBuilder({ ignoreAttributes: false });

/** Answers in a service's own XML namespace. */
export function createQueryAnswers(namespace: string): QueryAnswers {
  return {
    result: (action, result, requestId) =>
      xmlResponse(200, requestId, {
        [`${action}Response`]: {
          '@_xmlns': namespace,
          ...(result === undefined ? {} : { [`${action}Result`]: result }),
          ResponseMetadata: { RequestId: requestId },
        },
      }),
    refusal: ({ code, status, message }, requestId) => {
      // XML has no way to write most control characters, and a refused value may hold any.
      const Message = message.replace(/\p{Cc}/gu, '\uFFFD');
      return xmlResponse(status, requestId, {
        ErrorResponse: {
          '@_xmlns': namespace,
          Error: { Type: 'Sender', Code: code, Message },
          RequestId: requestId,
        },
      });
    },
  };
}

function xmlResponse(status: number, requestId: string, document: object): Response {
  return new Response(builder.build(document), {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  });
}
