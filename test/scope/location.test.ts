import { describe, expect, it } from 'vitest';
import { mayFetch } from '../../src/scope/location.ts';

const SOURCE = '10.0.0.7';

describe('a LOCATION may be fetched', () => {
  it.each([
    'http://10.0.0.7/rootDesc.xml',
    'http://10.0.0.7:80/',
    'http://10.0.0.7:49000/igddesc.xml',
    'http://10.0.0.7:1024',
    'https://10.0.0.7/desc.xml',
    'https://10.0.0.7:443/desc.xml',
    'http://10.0.0.7:443/desc.xml',
    'http://10.0.0.7:65535/a/b%20c/d;e=1,2/$&+@~!.xml',
    'HTTP://10.0.0.7:8200/rootDesc.xml',
  ])('from where the datagram came: %s', (location) => {
    expect(mayFetch(location, SOURCE)).toBe(true);
  });

  it('of an IPv6 source, in the spelling of the source', () => {
    expect(mayFetch('http://[fd00::7]:8080/desc.xml', 'fd00::7')).toBe(true);
    expect(mayFetch('http://[FD00::7]:8080/desc.xml', 'fd00::7')).toBe(true);
  });
});

describe('a LOCATION is refused', () => {
  it.each([
    ['another host', 'http://10.0.0.8:49000/desc.xml'],
    ['a host of the internet', 'http://192.0.2.1/desc.xml'],
    ['this machine', 'http://127.0.0.1:8560/'],
    ['this machine, unspecified', 'http://0.0.0.0:8560/'],
    ['a cloud metadata service', 'http://169.254.169.254/latest/meta-data/'],
    ['the group', 'http://239.255.255.250:1900/'],
    ['a name', 'http://localhost:8080/'],
    ['a name that begins with the address', 'http://10.0.0.7.example.com/desc.xml'],
    ['a name that looks like a number', 'http://10.0.0.7.:8080/desc.xml'],
    ['a user name', 'http://10.0.0.7@10.0.0.8/desc.xml'],
    ['credentials', 'http://admin:admin@10.0.0.7:8080/desc.xml'],
    ['an empty user', 'http://@10.0.0.7:8080/desc.xml'],
    ['a decimal address', 'http://167772167:8080/desc.xml'],
    ['an octal address', 'http://012.0.0.07:8080/desc.xml'],
    ['a hexadecimal address', 'http://0x0a.0.0.7:8080/desc.xml'],
    ['a short address', 'http://10.7:8080/desc.xml'],
    ['the address inside IPv6', 'http://[::ffff:10.0.0.7]:8080/desc.xml'],
    ['an IPv6 zone', 'http://[fe80::7%25eth0]:8080/desc.xml'],
    ['an escaped address', 'http://10.0.0%2e7:8080/desc.xml'],
    ['full-width digits', 'http://１０.0.0.7:8080/desc.xml'],
    ['SSH', 'http://10.0.0.7:22/'],
    ['telnet', 'http://10.0.0.7:23/'],
    ['SMTP', 'http://10.0.0.7:25/'],
    ['the last privileged port', 'http://10.0.0.7:1023/'],
    ['SIP', 'http://10.0.0.7:5060/'],
    ['SIP over TLS', 'https://10.0.0.7:5061/'],
    ['a printer', 'http://10.0.0.7:9100/'],
    ['the manager of a PBX', 'http://10.0.0.7:5038/'],
    ['port 0', 'http://10.0.0.7:0/'],
    ['a port that is none', 'http://10.0.0.7:65536/'],
    ['a port with a leading zero', 'http://10.0.0.7:08080/'],
    ['an empty port', 'http://10.0.0.7:/desc.xml'],
    ['a port in words', 'http://10.0.0.7:http/desc.xml'],
    ['a file', 'file:///etc/passwd'],
    ['a file of the host', 'file://10.0.0.7/etc/passwd'],
    ['FTP', 'ftp://10.0.0.7:8021/desc.xml'],
    ['gopher', 'gopher://10.0.0.7:8080/_x'],
    ['data', 'data:text/xml,<root/>'],
    ['script', 'javascript:alert(1)'],
    ['no scheme', '//10.0.0.7:8080/desc.xml'],
    ['a path', '/desc.xml'],
    ['backslashes', 'http:\\\\10.0.0.7:8080\\desc.xml'],
    ['a backslash before another host', 'http://10.0.0.7\\@10.0.0.8/desc.xml'],
    ['one slash', 'http:/10.0.0.7:8080/desc.xml'],
    ['three slashes', 'http:///10.0.0.7:8080/desc.xml'],
    ['a fragment', 'http://10.0.0.7:8080/desc.xml#x'],
    ['a fragment in place of a path', 'http://10.0.0.7#@10.0.0.8/'],
    ['a query', 'http://10.0.0.7:8080/servlet?key=Reboot'],
    ['a query in place of a path', 'http://10.0.0.7:8080?reboot'],
    ['blanks', 'http://10.0.0.7:8080/a b'],
    ['a blank before', ' http://10.0.0.7:8080/'],
    ['a tab in the host', 'http://10.0\t.0.7:8080/'],
    ['a second request', 'http://10.0.0.7:8080/ HTTP/1.1\r\nHost: x\r\n\r\nGET /'],
    ['a line end behind', 'http://10.0.0.7:8080/\n'],
    ['a NUL', 'http://10.0.0.7:8080/\0'],
    ['other letters', 'http://10.0.0.7:8080/bür'],
    ['nothing', ''],
    ['too much', `http://10.0.0.7:8080/${'a'.repeat(1000)}`],
  ])('that names %s', (_, location) => {
    expect(mayFetch(location, SOURCE)).toBe(false);
  });

  it.each(['', 'localhost', '10.0.0', '[fd00::7]', 'fe80::7%eth0'])(
    'whose source is no address: %j',
    (source) => {
      for (const host of [source, `[${source}]`])
        expect(mayFetch(`http://${host}:8080/desc.xml`, source)).toBe(false);
    },
  );
});
