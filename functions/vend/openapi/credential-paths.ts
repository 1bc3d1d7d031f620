import * as z from 'zod/mini';
import * as answers from '../../api/answers.ts';
import { vendRequest } from '../../api/vend-request.ts';
import { ROUTES } from '../../core/routes.ts';
import { samlForm, samlRequest } from '../../saml/saml-request.ts';
import { examples } from './examples.ts';
import {
  ASSERTION_FAILURES,
  BODY_FAILURES,
  IAM_USER_FAILURES,
  TOKEN_FAILURES,
  VEND_FAILURES,
  WEB_IDENTITY_FAILURES,
} from './failures.ts';
import { type Contents, jsonContent, operation, queryMember } from './operation.ts';

/** Credentials in whichever format was asked for. */
const credentials = (example: answers.VendAnswer): { description: string; contents: Contents } => ({
  description: 'credentials, in the format that was asked for',
  contents: {
    ...jsonContent(z.union([answers.vendAnswer, answers.processAnswer, answers.containerAnswer]), example),
    'text/plain': { schema: { type: 'string', description: 'format env: export lines for a shell' } },
  },
});

/** The operations that hand out credentials, of whichever function. */
export const credentialPaths = {
  [ROUTES.vend]: {
    post: operation('vendCredentials', "Vends credentials that open the caller's tenant's data", {
      body: { required: false, contents: jsonContent(vendRequest, examples.vendRequest) },
      answer: credentials(examples.vendAnswer),
      failures: [...TOKEN_FAILURES, ...BODY_FAILURES, ...VEND_FAILURES, ...WEB_IDENTITY_FAILURES],
    }),
  },
  '/credentials/container': {
    get: operation(
      'getContainerCredentials',
      "The AWS SDKs' HTTP container credential protocol (AWS_CONTAINER_CREDENTIALS_FULL_URI)",
      {
        parameters: [queryMember('profile', "what to vend; default: the tenant's default profile", 'app')],
        answer: {
          description: 'credentials',
          contents: jsonContent(answers.containerAnswer, examples.container),
        },
        failures: [...TOKEN_FAILURES, ...VEND_FAILURES, ...WEB_IDENTITY_FAILURES],
      },
    ),
  },
  [ROUTES.saml]: {
    post: operation(
      'vendSamlCredentials',
      "Vends credentials for a SAML assertion of the tenant's identity provider, which says who asks",
      {
        open: true,
        body: {
          required: true,
          contents: {
            ...jsonContent(samlRequest, examples.samlRequest),
            'application/x-www-form-urlencoded': { schema: samlForm, example: examples.samlForm },
          },
        },
        answer: credentials(examples.samlAnswer),
        failures: [
          ...ASSERTION_FAILURES,
          ...BODY_FAILURES,
          ...VEND_FAILURES,
          'token_expired',
          'token_tags_mismatch',
          'identity_refused',
        ],
      },
    ),
  },
  [ROUTES['iam-user']]: {
    post: operation(
      'vendIamUserCredentials',
      'Vends credentials that an IAM user of the deployment asks for: with MFA, or for up to 36 hours; off unless the deployment has turned it on',
      {
        body: { required: false, contents: jsonContent(vendRequest, examples.iamUserRequest) },
        answer: credentials(examples.iamUserAnswer),
        failures: [...TOKEN_FAILURES, ...BODY_FAILURES, ...VEND_FAILURES, ...IAM_USER_FAILURES],
      },
    ),
  },
};
