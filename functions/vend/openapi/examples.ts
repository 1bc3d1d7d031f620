import type * as answers from '../../api/answers.ts';

const ROLE = 'arn:aws:sts::111122223333:assumed-role/latchkey-tenant';
const SESSION = 'acme.f3XkP0_-3XkP0f3';
const VEND_ID = '6ac1a3a1-0f1d-4f6b-9d0e-2f9e3c0f7b1a';
const SECRETS = {
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE',
};
const EXPIRATION = '2026-11-21T13:00:00Z';

const vendRequest = {
  profile: 'app',
  durationSeconds: 3600,
  scope: { folder: 'reports/2026/' },
};

const vendAnswer: answers.VendAnswer = {
  vendId: VEND_ID,
  tenantId: 'acme',
  profile: 'app',
  credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', ...SECRETS, expiration: EXPIRATION },
  assumedRoleUser: { arn: `${ROLE}/${SESSION}`, assumedRoleId: `AROADBQP57FF2AEXAMPLE:${SESSION}` },
  packedPolicySize: 21,
  sourceIdentity: SESSION,
  sessionTags: { TenantId: 'acme' },
};

const container: answers.ContainerAnswer = {
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: SECRETS.secretAccessKey,
  Token: SECRETS.sessionToken,
  Expiration: EXPIRATION,
  AccountId: '111122223333',
};

const samlRequest = {
  samlResponse: 'PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6…',
  profile: 'staff',
  durationSeconds: 28_800,
};

const samlForm = { SAMLResponse: samlRequest.samlResponse, profile: 'staff' };

const samlAnswer: answers.VendAnswer = {
  ...vendAnswer,
  profile: 'staff',
  assumedRoleUser: {
    arn: 'arn:aws:sts::111122223333:assumed-role/latchkey-federated/dev@acme.example',
    assumedRoleId: 'AROADBQP57FF2BEXAMPLE:dev@acme.example',
  },
  identity: {
    subject: 'dev@acme.example',
    subjectType: 'persistent',
    issuer: 'https://idp.acme.example/metadata',
    audience: 'https://signin.aws.amazon.com/saml',
    nameQualifier: 'SbdGOnUkh1i4+EXAMPLExL/jEvs=',
  },
  sourceIdentity: 'dev@acme.example',
};

const iamUserRequest = {
  profile: 'with-mfa',
  durationSeconds: 43_200,
  mfa: { serialNumber: 'arn:aws:iam::111122223333:mfa/acme', tokenCode: '123456' },
};

const iamUserAnswer: answers.VendAnswer = {
  ...vendAnswer,
  profile: 'with-mfa',
  assumedRoleUser: {
    arn: `arn:aws:sts::111122223333:assumed-role/latchkey-mfa/${SESSION}`,
    assumedRoleId: `AROADBQP57FF2CEXAMPLE:${SESSION}`,
  },
};

const whoami: answers.WhoamiAnswer = {
  tenantId: 'acme',
  displayName: 'Acme Ltd',
  issuer: 'https://login.acme.example',
  subject: 'app-1',
  scopes: ['vend'],
  tokenValidUntil: '2026-11-21T12:05:00Z',
  defaultProfile: 'app',
  profiles: [
    {
      name: 'app',
      description: "the tenant's objects and items",
      method: 'assumeRole',
      route: '/credentials',
      mfa: 'none',
      durationSeconds: { default: 3600, maximum: 3600 },
      scope: {
        folder: {
          description: 'a folder that the credentials are for',
          pattern: '^(?:[a-z0-9]+/)$',
          optional: true,
        },
      },
      requiredScopes: ['vend'],
      missingScopes: [],
    },
  ],
  verified: {
    profile: 'app',
    account: '111122223333',
    arn: `${ROLE}/${SESSION}`,
    userId: `AROADBQP57FF2AEXAMPLE:${SESSION}`,
  },
};

const consoleRequest = {
  profile: 'app',
  destination: 'https://eu-central-1.console.aws.amazon.com/s3/home',
  issuer: 'https://app.acme.example/sign-in',
};

const consoleAnswer: answers.ConsoleAnswer = {
  vendId: VEND_ID,
  tenantId: 'acme',
  profile: 'app',
  assumedRoleUser: { arn: `${ROLE}/${SESSION}`, assumedRoleId: `AROADBQP57FF2AEXAMPLE:${SESSION}` },
  url: 'https://signin.aws.amazon.com/federation?Action=login&Issuer=https%3A%2F%2Fapp.acme.example%2Fsign-in&Destination=https%3A%2F%2Feu-central-1.console.aws.amazon.com%2Fs3%2Fhome&SigninToken=VCQgsEXAMPLE',
  expiration: '2026-11-21T12:15:00Z',
  credentialsExpiration: EXPIRATION,
};

const decodeRequest = { encodedMessage: 'ejDd3W5wTzFBnQbXvMnQEXAMPLE-4sOVd7' };

const decodeAnswer: answers.DecodeAnswer = {
  vendId: VEND_ID,
  tenantId: 'acme',
  decodedMessage: {
    allowed: false,
    explicitDeny: false,
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id: `AROADBQP57FF2AEXAMPLE:${SESSION}`, arn: `${ROLE}/${SESSION}` },
      action: 'ec2:StopInstances',
      resource: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-dd01c9bd',
      conditions: { items: [] },
    },
  },
};

const protectedResource: answers.ProtectedResourceAnswer = {
  resource: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1',
  resource_name: 'Latchkey',
  bearer_methods_supported: ['header'],
  dpop_signing_alg_values_supported: ['ES256'],
  tls_client_certificate_bound_access_tokens: false,
};

const ISSUER = 'https://credentials.example.com';

const discovery: answers.DiscoveryAnswer = {
  issuer: ISSUER,
  jwks_uri: `${ISSUER}/.well-known/jwks.json`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti'],
};

const keySet: answers.KeySetAnswer = {
  keys: [{ kty: 'RSA', kid: '1234abcd', alg: 'RS256', use: 'sig', n: '0vx7agoebGcQEXAMPLE', e: 'AQAB' }],
};

/** What is asked, and what is answered, by operation: none of it is anybody's. */
export const examples = {
  vendRequest,
  vendAnswer,
  container,
  samlRequest,
  samlForm,
  samlAnswer,
  iamUserRequest,
  iamUserAnswer,
  whoami,
  consoleRequest,
  consoleAnswer,
  decodeRequest,
  decodeAnswer,
  protectedResource,
  discovery,
  keySet,
};
