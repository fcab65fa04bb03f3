//! Credentials, which go where they belong and nowhere else.

use serde_json::json;

use super::resolve;
use crate::input::{Input, refuse, take};
use crate::make::release::Release;
use crate::server::{Answer, Site};
use crate::world::World;

/// The password of all of them.
const SECRET: &str = "SEKRET";

/// Demands that no server but the first was told a password.
fn demand_discretion(world: &mut World, others: usize) {
    let told = |at: usize| {
        let requests = world.servers()[at].requests();
        requests
            .iter()
            .any(|request| request.head.to_lowercase().contains("authorization"))
    };
    let wrong: Vec<usize> = (others..world.servers().len())
        .filter(|at| told(*at))
        .collect();
    world.demand(
        wrong.is_empty(),
        "a password was sent to a server that it is not for",
    );
}

fn secret(world: &mut World) {
    world.secrets.push(SECRET.to_owned());
}

/// The URL of a server's index, with a user and a password.
fn with_login(root: &str) -> String {
    format!("{}/simple/", root.replace("http://", "http://user:SEKRET@"))
}

pub(super) const INPUTS: &[Input] = {
    &[
        take(
            "login-in-index-url",
            "a password in the index's URL, which is kept nowhere",
            |w| {
                secret(w);
                w.serve(|_| Release::evil("").site(|_| ()));
                let url = with_login(&w.servers()[0].root());
                w.set("PIP_INDEX_URL", &url);
                resolve(w);
            },
        ),
        refuse(
            "login-in-error",
            "a password in the URL of an index that fails",
            |w| {
                secret(w);
                w.serve(|_| Site::default().with("/simple/evil/", Answer::status(500)));
                let url = with_login(&w.servers()[0].root());
                w.run_words(
                    "dh-pydeps resolve evil --index-url …",
                    &["dh-pydeps", "resolve", "evil", "--index-url", &url],
                );
            },
        ),
        take(
            "login-in-file-url",
            "a password in the URL of a file on a page",
            |w| {
                secret(w);
                w.serve(|root| {
                    let url = root.replace("http://", "http://user:SEKRET@");
                    Release::evil("").site(|page| {
                        for file in page["files"].as_array_mut().into_iter().flatten() {
                            let name = file["filename"].as_str().unwrap_or_default().to_owned();
                            file["url"] = json!(format!("{url}/files/{name}"));
                        }
                    })
                });
                resolve(w);
            },
        ),
        take(
            "login-elsewhere",
            "an index's password is not for the server of its files",
            |w| {
                secret(w);
                let release = Release::evil("");
                w.serve(|_| Site::default());
                let other = w.servers()[0].root();
                let files = release.files(Site::default());
                w.serve(|_| files);
                let at = w.servers()[1].root();
                w.serve(|_| {
                    release.site(|page| {
                        for file in page["files"].as_array_mut().into_iter().flatten() {
                            let name = file["filename"].as_str().unwrap_or_default().to_owned();
                            file["url"] = json!(format!("{at}/files/{name}"));
                        }
                    })
                });
                let index = with_login(&w.servers()[2].root());
                w.set("PIP_INDEX_URL", &index);
                resolve(w);
                let told = |at: usize| {
                    let requests = w.servers()[at].requests();
                    requests
                        .iter()
                        .any(|request| request.head.to_lowercase().contains("authorization:"))
                };
                let wrong = told(1);
                w.demand(
                    !wrong,
                    "the server of the files was told the index's password",
                );
                w.demand(!other.is_empty(), "");
            },
        ),
        take(
            "netrc-other-port",
            "netrc's password for a host is not for its other ports",
            |w| {
                secret(w);
                w.file(
                    "../home/.netrc",
                    "machine 127.0.0.1 login user password SEKRET\n",
                );
                let release = Release::evil("");
                let files = release.files(Site::default());
                w.serve(|_| Site::default());
                w.serve(|_| files);
                let at = w.servers()[1].root();
                let index = release.site(|page| {
                    for file in page["files"].as_array_mut().into_iter().flatten() {
                        let name = file["filename"].as_str().unwrap_or_default().to_owned();
                        file["url"] = json!(format!("{at}/files/{name}"));
                    }
                });
                w.serve(|_| index);
                let url = format!("{}/simple/", w.servers()[2].root());
                w.set("PIP_INDEX_URL", &url);
                resolve(w);
                demand_discretion(w, 1);
            },
        ),
        refuse(
            "redirect-with-login",
            "a redirect to another server does not take the password along",
            |w| {
                secret(w);
                w.serve(|_| Site::default());
                w.serve(|_| Site::default());
                let other = w.servers()[1].root();
                let to = Answer::redirect(&format!("{other}/simple/evil/"));
                w.serve(|_| Site::default().with("/simple/evil/", to));
                let url = with_login(&w.servers()[2].root());
                w.set("PIP_INDEX_URL", &url);
                resolve(w);
                let told = w.servers()[1].requests();
                let told = told
                    .iter()
                    .any(|request| request.head.to_lowercase().contains("authorization:"));
                w.demand(!told, "a password was sent along with a redirect");
            },
        ),
        take(
            "netrc-hostile",
            "a netrc file of a million words that are none",
            |w| {
                w.file(
                    "../home/.netrc",
                    "machine \x1b[2J login\nmacdef x\n".repeat(400_000),
                );
                w.serve(|_| Release::evil("").site(|_| ()));
                resolve(w);
            },
        ),
        refuse("netrc-fifo", "a netrc file that is a fifo", |w| {
            w.fifo("../home/.netrc");
            w.serve(|_| Release::evil("").site(|_| ()));
            resolve(w);
        })
        .names(".netrc"),
    ]
};
