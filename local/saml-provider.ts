import { arn, FEDERATED_ROLE_ARN } from './account.ts';
import { DEVELOPMENT_PAIR } from './saml-key.ts';
import { principalTag, ROLE, ROLE_SESSION_NAME, renderIdpMetadata, SOURCE_IDENTITY } from './saml-xml.ts';
import { signResponse } from './sign-assertion.ts';

/** The tenant that has a SAML identity provider of its own. */
export const TENANT_WITH_SAML = 'acme';

const ENTITY_ID = 'https://idp.acme.example/latchkey-local';

/** It, as it stands in the tenant's record and in IAM. */
export const SAML_PROVIDER = {
  providerArn: arn.samlProvider('latchkey-local-acme'),
  metadata: renderIdpMetadata({ entityId: ENTITY_ID, certificates: [DEVELOPMENT_PAIR.certificate] }),
  tenantId: TENANT_WITH_SAML,
};

/**
 * A SAML response for AWS, in base64, as the identity provider would have a browser post it after somebody signed in: good for five
 * minutes, and once.
 */
export function createSamlResponse(user: string, now: Date): string {
  const { providerArn, tenantId } = SAML_PROVIDER;
  const name = `${tenantId}.${user}`;
  return signResponse({
    issuer: ENTITY_ID,
    pair: DEVELOPMENT_PAIR,
    nameId: user,
    now,
    attributes: {
      [ROLE]: `${FEDERATED_ROLE_ARN},${providerArn}`,
      [ROLE_SESSION_NAME]: name,
      [SOURCE_IDENTITY]: name,
      [principalTag('TenantId')]: tenantId,
    },
  });
}
