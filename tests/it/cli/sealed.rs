//! A relay that speaks TLS from the first byte (`smtps://`), as its operator trusts it: the system's roots of trust come from a file.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use super::{Place, Running};
use crate::support::{python, skipped};

/// It answers nothing before it has the whole of a group (RFC 2920), waits half a second behind each dot for the next one, and prints its port,
/// then whom each letter is for and whether another envelope came behind its dot.
const RELAY: &str = r"
import select, socket, ssl, sys
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(*sys.argv[1:])
server = socket.create_server(('127.0.0.1', 0))
print(server.getsockname()[1], flush=True)
def serve(link):
    kept = b''
    def line(wait=None):
        nonlocal kept
        while b'\r\n' not in kept:
            if wait and not link.pending() and not select.select([link], [], [], wait)[0]: return None
            read = link.recv(65536)
            if not read: raise EOFError
            kept += read
        one, kept = kept.split(b'\r\n', 1)
        return one
    link.sendall(b'220 relay ESMTP\r\n')
    said, before = line(), b''
    while True:
        word = said[:4]
        if word == b'MAIL':
            to = line()
            assert to[:4] == b'RCPT' and line() == b'DATA'
            link.sendall(before + b'250 ok\r\n250 ok\r\n354 go on\r\n')
            while line() != b'.': pass
            said = line(0.5)
            print(to.decode(), 'AHEAD' if said else 'ALONE', flush=True)
            before = b'250 taken\r\n'
            if not said:
                link.sendall(before)
                said, before = line(), b''
            continue
        link.sendall({b'EHLO': b'250-relay\r\n250 PIPELINING\r\n', b'QUIT': b'221 bye\r\n'}.get(word, b'250 fine\r\n'))
        said = line()
while True:
    try: serve(tls.wrap_socket(server.accept()[0], server_side=True))
    except (OSError, EOFError): print('END', flush=True)
";

const CERTIFICATE: &str = "[req]\ndistinguished_name = name\nx509_extensions = more\nprompt = no\n[name]\nCN = 127.0.0.1\n\
     [more]\nsubjectAltName = IP:127.0.0.1\nbasicConstraints = critical, CA:FALSE\n";

#[test]
fn letters_over_tls_from_the_first_byte_go_in_groups_and_the_next_envelope_behind_the_dot() {
    let place = Place::new();
    place.write("certificate.conf", CERTIFICATE);
    let made = Command::new("openssl")
        .args("req -x509 -newkey rsa:2048 -nodes -days 2 -config certificate.conf -keyout key.pem -out cert.pem".split(' '))
        .current_dir(place.folder.path())
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return skipped("letters over smtps", "openssl is not installed");
    }
    let (cert, key) = (place.path("cert.pem"), place.path("key.pem"));
    let relay = Command::new(python()).args(["-c", RELAY]).args([&cert, &key]).stdout(Stdio::piped()).spawn();
    let Ok(relay) = relay else { return skipped("letters over smtps", "python3 is not installed") };
    let mut relay = Running(relay);
    let mut said = BufReader::new(relay.0.stdout.take().unwrap());
    let mut port = String::new();
    said.read_line(&mut port).unwrap();
    let smtp = format!("[mail]\ntransport = \"smtp\"\n[mail.smtp]\nurl = \"smtps://127.0.0.1:{}\"\nconnections = 1\n", port.trim());
    place.write("rolecall.toml", &super::CONFIG.replace("[mail]\ntransport = \"file\"\n", &smtp));
    place.write("wishes.json", r#"{"name":"Backend","preferences":{},"delivery":{"frequency":"0 0 29 2 *"}}"#);
    for person in 1..=4 {
        place.data(&format!("subscriber add p{person}@example.org --confirmed --preferences wishes.json"));
    }
    let trusting = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        super::Done::of(place.command(&words).env("SSL_CERT_FILE", &cert).env_remove("SSL_CERT_DIR").output().unwrap())
    };
    let done = trusting("run");
    assert_eq!(done.code, Some(0), "{done:?}");
    drop(relay);
    let mut heard = String::new();
    said.read_to_string(&mut heard).unwrap();
    let ways: Vec<&str> = heard.lines().filter(|line| line.starts_with("RCPT")).filter_map(|line| line.rsplit(' ').next()).collect();
    // The offers of a relay are known once its first letter is out; behind the last one there is none.
    assert_eq!(ways, ["ALONE", "AHEAD", "AHEAD", "ALONE"], "{heard}");
}
