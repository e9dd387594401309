import Type, { type Static } from 'typebox';
import { checkShape } from '../document/check-shape.ts';
import { didYouMean } from '../document/did-you-mean.ts';
import { oneOf } from '../document/one-of.ts';
import { readYaml, type Path, type YamlDocument } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import { DEVICE_KINDS, type DeviceKind } from '../model/identity.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { unknownPlaceholders } from './form.ts';

/** Manners that a census must live with whoever shows them; the roster says which phone has which. */
export const MANNERS = ['lf-only', 'twice', 'trying-first', 'drops-rport'] as const;
export type Manner = (typeof MANNERS)[number];

/** A kind of phone that can stand on the site. What its own messages do not tell is null. */
export interface PhoneModel {
  id: string;
  vendor: string | null;
  model: string | null;
  kind: DeviceKind | null;
  /** Older to newer. */
  firmwares: readonly string[];
  /** Form of the User-Agent or Server value; null for a device without a name. */
  identity: string | null;
  /** First six digits of its MAC addresses. */
  oui: string;
  /** How many of them a site has for one of the rarest. */
  share: number;
  /** Whether it may turn up while the site runs. */
  newcomer: boolean;
  /** Text and manners of its answer to OPTIONS; null for a phone that is silent when asked. */
  answer: {
    form: string;
    port: number;
    alsoOn: readonly number[];
    status: string;
    manners: readonly Manner[];
  } | null;
  /** Text of its SUBSCRIBE and what that calls the model; null for a phone that looks for no provisioning server. */
  pnp: { form: string; port: number; model: string } | null;
}

const strict = { additionalProperties: false };
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9.-]*$' });
/** For programs: their machine's MAC is nobody's registered block. */
const LOCALLY_ADMINISTERED = '02C0DE';
const Port = Type.Integer({ minimum: 1024, maximum: 65535, default: 5060 });
const Form = Type.Object({ id: Id, form: Type.String({ minLength: 1 }), source: Type.String() }, strict);

const PhoneShape = Type.Object(
  {
    id: Id,
    vendor: Type.Optional(Type.String()),
    model: Type.Optional(Type.String()),
    kind: Type.Optional(oneOf(DEVICE_KINDS)),
    firmwares: Type.Array(Type.String(), { default: [] }),
    identity: Type.Optional(Type.String()),
    oui: Type.String({ pattern: '^[0-9A-F]{6}$', default: LOCALLY_ADMINISTERED }),
    share: Type.Integer({ minimum: 1, maximum: 9, default: 1 }),
    newcomer: Type.Boolean({ default: false }),
    answer: Type.Optional(
      Type.Object(
        {
          form: Id,
          port: Port,
          alsoOn: Type.Array(Port, { default: [] }),
          status: Type.String({ pattern: '^[1-6]\\d\\d \\S', default: '200 OK' }),
          manners: Type.Array(oneOf(MANNERS), { default: [] }),
        },
        strict,
      ),
    ),
    pnp: Type.Optional(Type.Object({ form: Id, port: Port, model: Type.Optional(Type.String()) }, strict)),
    source: Type.String(),
  },
  strict,
);

const RosterShape = Type.Object(
  {
    answerForms: Type.Array(Form),
    pnpForms: Type.Array(Form),
    phones: Type.Array(PhoneShape, { minItems: 1 }),
  },
  strict,
);
type RosterFile = Static<typeof RosterShape>;

const OF_PHONE = ['identity', 'firmware', 'mac', 'MAC', 'macColons', 'address', 'addressLetters', 'empty'];
const OF_ANSWER = ['status', 'via', 'viaFilled', 'branch', 'from', 'to', 'callId', 'cseq', 'length'];

/** Reads rules/simulation/phones.yaml. Every fault is told with its place; a form never meets a placeholder that it cannot fill. */
export function loadRoster(text: string, file: string): Outcome<readonly PhoneModel[], Fault[]> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const shape = checkShape(RosterShape, document.value);
  if (!shape.ok) return shape;
  const faults = faultsOf(shape.value, document.value);
  if (faults.length > 0) return failure(faults);
  return success(shape.value.phones.map((phone) => toModel(phone, shape.value)));
}

function toModel(phone: RosterFile['phones'][number], { answerForms, pnpForms }: RosterFile): PhoneModel {
  const { id, firmwares, oui, share, newcomer, answer, pnp } = phone;
  const textOf = (forms: RosterFile['answerForms'], wanted: string): string =>
    forms.find((form) => form.id === wanted)?.form ?? '';
  return {
    id,
    vendor: phone.vendor ?? null,
    model: phone.model ?? null,
    kind: phone.kind ?? null,
    firmwares,
    identity: phone.identity ?? null,
    oui,
    share,
    newcomer,
    answer: answer === undefined ? null : { ...answer, form: textOf(answerForms, answer.form) },
    pnp:
      pnp === undefined
        ? null
        : { port: pnp.port, model: pnp.model ?? phone.model ?? '', form: textOf(pnpForms, pnp.form) },
  };
}

function faultsOf({ answerForms, pnpForms, phones }: RosterFile, document: YamlDocument): Fault[] {
  const faults: Fault[] = [];
  const add = (path: Path, message: string, hint: string): void => {
    faults.push({ file: document.file, ...document.placeOf(path), message, hint });
  };
  const checkForm = (path: Path, form: string, known: readonly string[]): void => {
    for (const placeholder of unknownPlaceholders(form, known))
      add(
        path,
        `nothing fills ${placeholder}.`,
        `Known here: ${known.join(', ')}, and draws such as \${digits:10}.`,
      );
  };
  const checkReference = (path: Path, id: string | undefined, forms: RosterFile['answerForms']): void => {
    const ids = forms.map((form) => form.id);
    if (id !== undefined && !ids.includes(id))
      add(path, `there is no form "${id}".`, didYouMean(id, ids) ?? `Known: ${ids.join(', ')}.`);
  };

  for (const [index, { form }] of answerForms.entries())
    checkForm(['answerForms', index, 'form'], form, [...OF_PHONE, ...OF_ANSWER]);
  for (const [index, { form }] of pnpForms.entries())
    checkForm(['pnpForms', index, 'form'], form, [...OF_PHONE, 'port', 'pnpModel']);
  for (const [index, phone] of phones.entries()) {
    const path = ['phones', index];
    checkForm([...path, 'identity'], phone.identity ?? '', ['firmware', 'mac', 'MAC']);
    checkReference([...path, 'answer', 'form'], phone.answer?.form, answerForms);
    checkReference([...path, 'pnp', 'form'], phone.pnp?.form, pnpForms);
    if (phone.answer === undefined && phone.pnp === undefined)
      add(path, `"${phone.id}" neither answers nor asks.`, 'Give it answer, pnp, or both.');
  }
  for (const [list, entries] of Object.entries({ answerForms, pnpForms, phones }))
    for (const [index, { id }] of entries.entries())
      if (entries.findIndex((entry) => entry.id === id) < index)
        add([list, index, 'id'], `"${id}" is there already.`, 'Ids are unique.');
  return faults;
}
