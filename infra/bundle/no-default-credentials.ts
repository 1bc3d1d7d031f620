/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles: 130 kB that look for credentials in files,
 * processes, SSO and instance metadata. In Lambda they are in the environment, and the adapters pass them explicitly.
 * A client that is made without them must fail, not search.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw new Error('got no credentials, expected the client to be given those of the execution role');
  };
}
