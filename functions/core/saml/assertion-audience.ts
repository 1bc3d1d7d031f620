import { partitionOf } from '../partitions.ts';

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}\.$/;

/** Whether each audience restriction (SAML 2.0 Core, 2.5.1.4) is met by AWS in the partition of a provider; without one it is not. */
export function isForAws(restrictions: readonly (readonly string[])[], providerArn: string): boolean {
  const { samlAudiences = [] } = partitionOf(providerArn) ?? {};
  return (
    restrictions.length > 0 &&
    restrictions.every((restriction) => restriction.some((audience) => samlAudiences.includes(audience)))
  );
}

/** Whether this is AWS Sign-In in the partition of a provider, without a Region or with one. https://docs.aws.amazon.com/general/latest/gr/signin-service.html */
export function isAwsSignIn(recipient: string, providerArn: string): boolean {
  const { signInHost: host } = partitionOf(providerArn) ?? {};
  const [start, end] = ['https://', `${host}/saml`];
  if (host === undefined || !recipient.startsWith(start) || !recipient.endsWith(end)) return false;
  const between = recipient.slice(start.length, -end.length);
  return between === '' || REGION.test(between);
}
