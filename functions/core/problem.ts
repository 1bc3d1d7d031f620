/** What a failure says to its caller. */
export interface ProblemFacts {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly vendId: string;
}

/**
 * The body of every answer to a failure, ours and API Gateway's: RFC 9457, and the members in which AWS SDKs look for a
 * reason. Of a failed container credential request, Go shows `code` and `message`, JavaScript `Code` and `Message`.
 */
export function problemBody({ code, status, detail, vendId }: ProblemFacts) {
  return {
    type: `urn:latchkey:error:${code}`,
    title: code.replaceAll('_', ' '),
    status,
    detail,
    code,
    vendId,
    Code: code,
    message: detail,
    Message: detail,
  };
}
