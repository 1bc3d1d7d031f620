import type { Logger } from '@aws-lambda-powertools/logger';
import { createEventAnnouncer } from '../functions/adapters/administration/event-announcer.ts';
import { createOutcomeLog } from '../functions/adapters/log/outcome-log.ts';
import type { Administration } from '../functions/core/administration/administration.ts';
import type { Clock } from '../functions/core/clock.ts';
import type { Decoding } from '../functions/core/decoding.ts';
import type { AuditLog } from '../functions/core/ports.ts';
import type { PresentedAssertion } from '../functions/core/saml/presented-assertion.ts';
import type { Vending } from '../functions/core/vending.ts';
import { readDecodeEnvironment } from '../functions/decode/environment.ts';
import { wireDecoding } from '../functions/decode/wiring.ts';
import { readIamUserEnvironment } from '../functions/iam-user/environment.ts';
import { wireIamUserVending } from '../functions/iam-user/wiring.ts';
import { createEventConsumer } from '../functions/onboarding/event-consumer.ts';
import { readRevokeEnvironment } from '../functions/revoke/environment.ts';
import { wireRevoking } from '../functions/revoke/wiring.ts';
import { readSamlEnvironment } from '../functions/saml/environment.ts';
import { wireSamlVending } from '../functions/saml/wiring.ts';
import { readAdministrationEnvironment } from '../functions/tenants/environment.ts';
import { wireAdministration } from '../functions/tenants/wiring.ts';
import { readVendEnvironment } from '../functions/vend/environment.ts';
import type { VendService } from '../functions/vend/vend-service.ts';
import { wireVending } from '../functions/vend/wiring.ts';
import { readVerifyEnvironment } from '../functions/verify/environment.ts';
import { wireVerifying } from '../functions/verify/wiring.ts';
import { REGION, REVOKE_FUNCTION, VERIFY_FUNCTION } from './account.ts';
import { createEventSourceMapping } from './aws/sqs/event-source-mapping.ts';
import {
  decodeVariables,
  iamUserVariables,
  onboardingVariables,
  revokeVariables,
  samlVariables,
  tenantsVariables,
  vendVariables,
} from './function-variables.ts';
import type { LocalAws } from './start-aws.ts';

/** The functions of the stack, wired to a local AWS. */
export interface LocalFunctions {
  readonly vending: VendService;
  readonly samlVending: Vending<PresentedAssertion>;
  readonly iamUserVending: Vending;
  readonly decoding: Decoding;
  /** As the operators' API has it. */
  readonly administration: Administration;
  /** Resolves when every event is done with or in the dead-letter queue. */
  readonly eventsDone: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What they are started with. */
export interface LocalFunctionsOptions {
  readonly aws: LocalAws;
  /** As they stand in profiles/. */
  readonly profileDefinitions: readonly unknown[];
  readonly shadowProfileDefinitions?: readonly unknown[];
  readonly auditLog: AuditLog;
  /** Where verify and revoke write what became of their work; left out, nowhere. */
  readonly logger?: Pick<Logger, 'info' | 'warn'>;
  readonly clock: Clock;
  /** Told in one line what the local AWS refused, and why. */
  readonly log: (message: string) => void;
}

/** As in the stack. */
const SWEEP_MILLISECONDS = 5 * 60 * 1000;
/** What failed comes again at once: nobody here waits for a neighbour that is down. */
const RETRY_SECONDS = 0.2;
const SILENT = { info: () => {}, warn: () => {} };

/** Starts every function over its real adapters, with what calls it: Lambda, the queue of events, the schedule of the sweep. */
export function startFunctions(options: LocalFunctionsOptions): LocalFunctions {
  const { aws, profileDefinitions, auditLog, clock, log, logger = SILENT } = options;
  const surroundings = { profileDefinitions, auditLog, clock };
  aws.functions.set(
    VERIFY_FUNCTION,
    wireVerifying({
      profileDefinitions,
      environment: readVerifyEnvironment(vendVariables(aws)),
      log: createOutcomeLog('verification', logger),
      clock,
    }),
  );
  const revoke = wireRevoking({
    environment: readRevokeEnvironment(revokeVariables(aws)),
    log: createOutcomeLog('revocation', logger),
    clock,
  });
  aws.functions.set(REVOKE_FUNCTION, revoke);
  const sweep = setInterval(() => {
    revoke({ operation: 'sweep' }).catch((error: Error) => log(`sweep of revocations: ${error.message}`));
  }, SWEEP_MILLISECONDS).unref();
  const events = startOnboarding(options);
  return {
    ...startTenantApi(options),
    administration: wireAdministration({
      ...surroundings,
      environment: readAdministrationEnvironment(tenantsVariables(aws)),
    }),
    eventsDone: events.idle,
    async close() {
      clearInterval(sweep);
      await events.close();
    },
  };
}

function startTenantApi({
  aws,
  ...surroundings
}: LocalFunctionsOptions): Pick<LocalFunctions, 'vending' | 'samlVending' | 'iamUserVending' | 'decoding'> {
  return {
    vending: wireVending({ ...surroundings, environment: readVendEnvironment(vendVariables(aws)) }),
    samlVending: wireSamlVending({ ...surroundings, environment: readSamlEnvironment(samlVariables(aws)) }),
    iamUserVending: wireIamUserVending({
      ...surroundings,
      environment: readIamUserEnvironment(iamUserVariables(aws)),
    }),
    decoding: wireDecoding({ ...surroundings, environment: readDecodeEnvironment(decodeVariables(aws)) }),
  };
}

function startOnboarding({ aws, clock, log, ...surroundings }: LocalFunctionsOptions) {
  const environment = readAdministrationEnvironment(onboardingVariables(aws));
  const { region, credentials, eventBus, eventBridgeEndpoint } = environment;
  const consume = createEventConsumer({
    administration: wireAdministration({ ...surroundings, environment, clock }),
    announcer: createEventAnnouncer({ region, credentials, eventBus, endpoint: eventBridgeEndpoint }),
    auditLog: surroundings.auditLog,
  });
  return createEventSourceMapping({
    queue: aws.eventQueue,
    region: REGION,
    handler: ({ Records }) => consume(Records),
    retrySeconds: RETRY_SECONDS,
    clock,
    log,
  });
}
