/** An `Authorization: AWS4-HMAC-SHA256 …` header, parsed. */
export interface AuthorizationHeader {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hex digits. */
  readonly signature: string;
}

/** What a signing key is good for: one service in one Region on one day (`YYYYMMDD`). */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 +Credential=([^,\s]+) *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]{64})$/;
const CREDENTIAL = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/**
 * Parses an Authorization header, strictly: the three parts in the order that every SDK sends, header names lower case, sorted and
 * unique. Undefined when it is anything else.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
export function parseAuthorizationHeader(value: string): AuthorizationHeader | undefined {
  const [, credential = '', headerList = '', signature = ''] = HEADER.exec(value) ?? [];
  const [, accessKeyId, date, region, service] = CREDENTIAL.exec(credential) ?? [];
  if (!accessKeyId || !date || !region || !service) return undefined;
  const signedHeaders = headerList.split(';');
  if (
    !signedHeaders.every((name, index) => HEADER_NAME.test(name) && (signedHeaders[index - 1] ?? '') < name)
  ) {
    return undefined;
  }
  return { accessKeyId, scope: { date, region, service }, signedHeaders, signature };
}

/** The scope as it stands in a string to sign. */
export function formatScope({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`;
}
