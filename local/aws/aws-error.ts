/** What every door answers a refused request with: AWS's own code, HTTP status and text, so that SDKs react as they do to AWS. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  /** `options.cause`, a text, is for the log alone: what the requester is not told. */
  constructor(code: string, status: number, message: string, options?: { readonly cause: string }) {
    super(message, options);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}
