import { describe, expect, it } from 'vitest';
import { audioCodecs, MAX_CODECS, sdpNames } from '../../../src/wire/sip/sdp.ts';

const codecsOf = (...lines: string[]): readonly string[] =>
  audioCodecs(new TextEncoder().encode(['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', ...lines].join('\r\n')));

describe('audioCodecs', () => {
  it('names payload numbers by RFC 3551 where the body does not, in the order offered', () => {
    expect(codecsOf('m=audio 0 RTP/AVP 18 0 8 9 4 15 3')).toEqual([
      'G729',
      'PCMU',
      'PCMA',
      'G722',
      'G723',
      'G728',
      'GSM',
    ]);
  });

  it('names dynamic ones by their rtpmap, telephone-event included, and repeats none', () => {
    expect(
      codecsOf(
        'm=audio 5004 RTP/SAVP 96 0 101 97 99',
        'a=rtpmap:96 opus/48000/2',
        'a=rtpmap:101 telephone-event/8000',
        'a=rtpmap:97 opus/16000',
      ),
    ).toEqual(['opus', 'PCMU', 'telephone-event']);
  });

  it('believes an rtpmap more than RFC 3551', () => {
    expect(codecsOf('m=audio 0 RTP/AVP 2 4', 'a=rtpmap:2 G726-32/8000', 'a=rtpmap:4 G723.1/8000')).toEqual([
      'G726-32',
      'G723.1',
    ]);
  });

  it('leaves out reserved numbers, video, and names that are no token', () => {
    expect(
      codecsOf(
        'm=audio 0 RTP/AVP 2 1 96 8',
        'a=rtpmap:96 a,b/8000',
        'm=video 0 RTP/AVP 34 97',
        'a=rtpmap:97 H264/90000',
      ),
    ).toEqual(['PCMA']);
  });

  it('keeps an rtpmap to its own media line', () => {
    expect(
      codecsOf(
        'a=rtpmap:96 before/8000',
        'm=audio 0 RTP/AVP 96',
        'm=audio 0 RTP/AVP 97 96',
        'a=rtpmap:97 iLBC/8000',
      ),
    ).toEqual(['iLBC']);
  });

  it('reads lines that LF alone ends', () => {
    expect(
      audioCodecs(new TextEncoder().encode('v=0\nm=audio 0 RTP/AVP 8 96\na=rtpmap:96 G726-32/8000\n')),
    ).toEqual(['PCMA', 'G726-32']);
  });

  it('tells a bounded number', () => {
    const numbers = Array.from({ length: 100 }, (_, index) => index + 20);
    expect(
      codecsOf(
        `m=audio 0 RTP/AVP ${numbers.join(' ')}`,
        ...numbers.map((number) => `a=rtpmap:${number} c${number}/8000`),
      ),
    ).toHaveLength(MAX_CODECS);
  });

  it.each([
    '',
    'm=audio 0 RTP/AVP 0',
    '<xml>v=0\nm=audio 0 RTP/AVP 0',
    'v=0',
    'v=0\r\nm=audio',
    'v=0\r\nm=audio 0 RTP/AVP',
  ])('tells none of "%s"', (body) => expect(audioCodecs(new TextEncoder().encode(body))).toEqual([]));
});

describe('sdpNames', () => {
  const namesOf = (text: string) => sdpNames(new TextEncoder().encode(text));

  it('tells who wrote the body and what the session is called', () => {
    expect(
      namesOf(
        'v=0\r\no=CiscoSystemsSIP-GW-UserAgent 7927 3052 IN IP4 10.0.0.221\r\ns=SIP Call\r\nt=0 0\r\nm=audio 0 RTP/AVP 0\r\n',
      ),
    ).toEqual({ origin: 'CiscoSystemsSIP-GW-UserAgent', session: 'SIP Call' });
  });

  it('takes LF alone, and nothing for a dash, a missing line, or what is no SDP', () => {
    expect(namesOf('v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\n')).toEqual({ origin: null, session: null });
    expect(namesOf('v=0\ns=Polycom IP Phone\n')).toEqual({ origin: null, session: 'Polycom IP Phone' });
    expect(namesOf('o=x 1\ns=y\n')).toEqual({ origin: null, session: null });
  });

  it('reads the description alone, not what a media stream says', () => {
    expect(namesOf('v=0\nm=audio 0 RTP/AVP 0\ns=media\n')).toEqual({ origin: null, session: null });
  });
});
