import type { ProfileDefinition } from '../functions/core/profile/profile-definition.ts';
import { app } from '../profiles/app.ts';

const TWELVE_HOURS = { default: 43_200, maximum: 43_200 };
const TENANT_USER = '{{resources.tenantUserArnPrefix}}{{tenant.id}}';

/** The same without the folder: GetSessionToken takes no policy, so that nothing could narrow a session to it. */
const { scope: _, ...whole } = app;
const WHOLE_POLICY: ProfileDefinition['policy'] = JSON.parse(
  JSON.stringify(app.policy).replaceAll('{{scope.folder}}', ''),
);

/** `app` by every other method, each under a name of its own: profiles of this machine alone, beside those of profiles/. */
export const SAMPLE_PROFILES = [
  {
    ...app,
    name: 'app-long',
    description: `for twelve hours, by a token that Latchkey signs: ${app.description}`,
    method: 'webIdentity',
    roleArn: '{{resources.federatedRoleArn}}',
    durationSeconds: TWELVE_HOURS,
  },
  {
    ...app,
    name: 'app-token',
    description: `by the caller's own token: ${app.description}`,
    method: 'webIdentity',
    webIdentityToken: 'caller',
    roleArn: '{{resources.federatedRoleArn}}',
    durationSeconds: { default: 3600, maximum: 43_200 },
  },
  {
    ...app,
    name: 'app-saml',
    description: `by a SAML assertion: ${app.description}`,
    method: 'saml',
    roleArn: '{{resources.federatedRoleArn}}',
    durationSeconds: { default: 3600, maximum: 43_200 },
  },
  {
    ...withoutRole(app),
    name: 'app-federated',
    description: `for a federated user, up to a day and a half: ${app.description}`,
    method: 'federationToken',
    userArn: '{{resources.federationUserArn}}',
    durationSeconds: { default: 3600, maximum: 129_600 },
  },
  {
    ...withoutRole(whole),
    name: 'app-session',
    description: `for the tenant's IAM user with an MFA code, up to a day and a half: ${app.description}`,
    method: 'sessionToken',
    userArn: TENANT_USER,
    mfa: 'required',
    durationSeconds: { default: 3600, maximum: 129_600 },
    policy: WHOLE_POLICY,
  },
  {
    ...app,
    name: 'app-mfa',
    description: `with an MFA code: ${app.description}`,
    roleArn: '{{resources.mfaRoleArn}}',
    userArn: TENANT_USER,
    mfa: 'required',
    durationSeconds: TWELVE_HOURS,
  },
] satisfies readonly ProfileDefinition[];

function withoutRole<D extends { readonly roleArn: string }>({
  roleArn: _,
  ...definition
}: D): Omit<D, 'roleArn'> {
  return definition;
}
