import Type from 'typebox';

/** Settings of the channel; the descriptions are its documentation. */
export const config = Type.Object(
  {
    interfaces: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      default: [],
      maxItems: 64,
      description:
        'Interfaces to listen on, by name or own address; none: the interfaces whose networks are in the scope.',
    }),
    besidePbx: Type.Boolean({
      default: false,
      description:
        'Listen although UDP 5060 is in use on this host. A PBX beside us may then log every phone that boots as a failed request, and fail2ban may ban the phones.',
    }),
  },
  { additionalProperties: false },
);
