import * as answers from '../../api/answers.ts';
import { ROUTES } from '../../core/routes.ts';
import { decodeRequest } from '../../decode/decode-request.ts';
import { consoleRequest } from '../console-request.ts';
import { examples } from './examples.ts';
import {
  BODY_FAILURES,
  STS_FAILURES,
  TOKEN_FAILURES,
  VEND_FAILURES,
  WEB_IDENTITY_FAILURES,
} from './failures.ts';
import { jsonContent, operation, queryMember } from './operation.ts';

const verify = {
  ...queryMember(
    'verify',
    'true: vends credentials and asks AWS STS whose they are (GetCallerIdentity)',
    'true',
  ),
  schema: { type: 'string' as const, enum: ['true'] },
};

/** The operations about the caller and its sessions. */
export const sessionPaths = {
  [ROUTES.whoami]: {
    get: operation('whoami', 'What Latchkey knows of the caller, and which profiles it may use', {
      parameters: [
        verify,
        queryMember('profile', "with verify: what to vend; default: the tenant's default profile", 'app'),
      ],
      answer: {
        description: 'the caller',
        contents: jsonContent(answers.whoamiAnswer, examples.whoami),
      },
      failures: [...TOKEN_FAILURES, ...VEND_FAILURES, ...WEB_IDENTITY_FAILURES, 'session_mismatch'],
    }),
  },
  [ROUTES.consoleSession]: {
    post: operation(
      'openConsoleSession',
      'Vends credentials and makes of them a link that signs in to the AWS console, good for 15 minutes',
      {
        body: { required: false, contents: jsonContent(consoleRequest, examples.consoleRequest) },
        answer: {
          description: 'the link, a secret: whoever has it is signed in',
          contents: jsonContent(answers.consoleAnswer, examples.consoleAnswer),
        },
        failures: [
          ...TOKEN_FAILURES,
          ...BODY_FAILURES,
          ...VEND_FAILURES,
          ...WEB_IDENTITY_FAILURES,
          'destination_invalid',
          'sign_in_refused',
          'sign_in_unavailable',
        ],
      },
    ),
  },
  [ROUTES.decode]: {
    post: operation(
      'decodeAuthorizationMessage',
      "Decodes what AWS says of a denial, if it is about a session of the caller's tenant",
      {
        body: { required: true, contents: jsonContent(decodeRequest, examples.decodeRequest) },
        answer: {
          description: 'the message',
          contents: jsonContent(answers.decodeAnswer, examples.decodeAnswer),
        },
        failures: [
          ...TOKEN_FAILURES,
          ...BODY_FAILURES,
          ...STS_FAILURES,
          'message_invalid',
          'message_foreign',
        ],
      },
    ),
  },
};
