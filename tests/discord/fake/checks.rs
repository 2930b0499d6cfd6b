//! What a request must be: Discord's published `OpenAPI` description, and the limits that it lacks.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::Mutex,
};

use serde_json::{Value, json};

/// The description, read once, and a validator for each route that was used.
pub struct Checks {
    description: Option<&'static Value>,
    validators: Mutex<HashMap<String, Option<&'static jsonschema::Validator>>>,
}

/// Where the description lies, seen from the package.
const DESCRIPTION: &str = "../shared/discord/openapi.json";

impl Checks {
    /// Opens the description. Outside of CI it may be missing; then only the limits are checked, and that is
    /// said.
    ///
    /// # Panics
    /// In CI, where it is missing.
    #[must_use]
    pub fn open() -> Self {
        static READ: std::sync::OnceLock<Option<Value>> = std::sync::OnceLock::new();
        let description = READ
            .get_or_init(|| {
                let root = Path::new(env!("CARGO_MANIFEST_DIR"));
                let found = root
                    .ancestors()
                    .map(|folder| folder.join(DESCRIPTION))
                    .find_map(|path| std::fs::read(path).ok());
                match found {
                    Some(bytes) => Some(serde_json::from_slice(&bytes).expect("it is JSON")),
                    None if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
                        panic!("{DESCRIPTION} is missing: requests cannot be checked against it")
                    }
                    None => {
                        eprintln!("{DESCRIPTION} is missing: only the limits are checked");
                        None
                    }
                }
            })
            .as_ref();
        Self {
            description,
            validators: Mutex::default(),
        }
    }

    /// Everything that is wrong with a request.
    pub fn problems(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(description) = self.description {
            match route(description, method, path) {
                None => problems.push("there is no such route".to_owned()),
                Some(route) => {
                    problems.extend(self.against_schema(description, method, &route, body));
                }
            }
        }
        problems.extend(limits(method, path, body));
        problems
            .into_iter()
            .map(|problem| format!("{method} {path}: {problem}\n{body:#}"))
            .collect()
    }

    fn against_schema(
        &self,
        description: &'static Value,
        method: &str,
        route: &str,
        body: &Value,
    ) -> Vec<String> {
        let operation = &description["paths"][route][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return if body.is_null() {
                Vec::new()
            } else {
                vec!["a body is sent where none is taken".to_owned()]
            };
        }
        let mut validators = self.validators.lock().unwrap();
        let validator = validators
            .entry(format!("{method} {route}"))
            .or_insert_with(|| Some(validator(description, method, route, schema)));
        validator.map_or_else(Vec::new, |validator| {
            validator
                .iter_errors(&as_described(body))
                .map(|error| format!("at {}: {error}", error.instance_path()))
                .collect()
        })
    }
}

/// `body` as Discord's description wants it where that and Discord's reference, by which all libraries go,
/// disagree: commands' permissions are strings there and numbers here, new attachments' ids the other way round.
fn as_described(body: &Value) -> Value {
    let mut body = body.clone();
    for command in body.as_array_mut().into_iter().flatten() {
        if let Some(permissions) = command.get_mut("default_member_permissions")
            && let Some(number) = permissions
                .as_str()
                .and_then(|text| text.parse::<u64>().ok())
        {
            *permissions = json!(number);
        }
    }
    for attachments in ["/attachments", "/data/attachments"] {
        let attachments = body.pointer_mut(attachments).and_then(Value::as_array_mut);
        for attachment in attachments.into_iter().flatten() {
            if let Some(id) = attachment.get_mut("id").filter(|id| id.is_u64()) {
                *id = json!(id.to_string());
            }
        }
    }
    body
}

/// A validator, made once for the whole run: making one reads hundreds of schemas.
fn validator(
    description: &'static Value,
    method: &str,
    route: &str,
    schema: &Value,
) -> &'static jsonschema::Validator {
    static MADE: Mutex<Option<HashMap<String, &'static jsonschema::Validator>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap();
    made.get_or_insert_with(HashMap::new)
        .entry(format!("{method} {route}"))
        .or_insert_with(|| {
            let mut whole = schema.clone();
            if let Some(reference) = schema["$ref"].as_str() {
                whole = json!({"$ref": reference});
            }
            whole["components"] = description["components"].clone();
            let validator = jsonschema::draft202012::new(&whole).expect("the description is sound");
            Box::leak(Box::new(validator))
        })
}

/// The route of the description that a path belongs to; literal parts go before placeholders.
fn route(description: &Value, method: &str, path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    description["paths"]
        .as_object()?
        .iter()
        .filter(|(_, operations)| operations.get(method.to_lowercase()).is_some())
        .map(|(route, _)| route)
        .filter(|route| {
            let wanted: Vec<&str> = route.split('/').collect();
            wanted.len() == parts.len()
                && wanted
                    .iter()
                    .zip(&parts)
                    .all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        })
        .min_by_key(|route| route.matches('{').count())
        .cloned()
}

fn units(value: &Value) -> usize {
    value.as_str().unwrap_or_default().encode_utf16().count()
}

/// What the description lets pass: long content, embeds too long in sum, ids that occur twice, capitals
/// in commands' names, unknown keys; and what we ask of ourselves: nobody is pinged, no post is made
/// twice.
fn limits(method: &str, path: &str, body: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut demand = |holds: bool, problem: String| {
        if !holds {
            problems.push(problem);
        }
    };
    if path.ends_with("/commands") {
        for command in body.as_array().into_iter().flatten() {
            let name = command["name"].as_str().unwrap_or_default();
            // Entries of a message's menu are written as people write.
            let menu = command["type"] == 2 || command["type"] == 3;
            demand(
                menu || name == name.to_lowercase(),
                format!("{name} is not lower case"),
            );
            keys(command, COMMAND_KEYS, &mut demand);
            for option in command["options"].as_array().into_iter().flatten() {
                let name = option["name"].as_str().unwrap_or_default();
                demand(
                    name == name.to_lowercase(),
                    format!("{name} is not lower case"),
                );
            }
        }
        return problems;
    }
    let message = if path.ends_with("/callback") {
        &body["data"]
    } else {
        body
    };
    let shows = !message["content"].is_null() || !message["embeds"].is_null();
    if !message.is_object() || !shows {
        return problems;
    }
    keys(message, MESSAGE_KEYS, &mut demand);
    demand(
        units(&message["content"]) <= 2000,
        format!("content of {} units", units(&message["content"])),
    );
    let embeds = message["embeds"].as_array().cloned().unwrap_or_default();
    let mut sum = 0;
    for embed in &embeds {
        sum += units(&embed["title"]) + units(&embed["description"]);
        sum += units(&embed["footer"]["text"]) + units(&embed["author"]["name"]);
        for field in embed["fields"].as_array().into_iter().flatten() {
            sum += units(&field["name"]) + units(&field["value"]);
        }
        demand(
            units(&embed["title"]) + units(&embed["description"]) > 0,
            "an empty embed".to_owned(),
        );
        demand(units(&embed["title"]) <= 256, "a title too long".to_owned());
        demand(
            units(&embed["description"]) <= 4096,
            "a description too long".to_owned(),
        );
    }
    demand(sum <= 6000, format!("embeds of {sum} units"));
    demand(
        !embeds.is_empty() || units(&message["content"]) > 0,
        "an empty message".to_owned(),
    );
    let mut seen = HashSet::new();
    for row in message["components"].as_array().into_iter().flatten() {
        for button in row["components"].as_array().into_iter().flatten() {
            let length = units(&button["custom_id"]);
            demand(
                (1..=100).contains(&length),
                format!("an id of {length} units"),
            );
            demand(
                seen.insert(button["custom_id"].as_str().unwrap_or_default().to_owned()),
                format!("{} twice", button["custom_id"]),
            );
        }
    }
    // A follow-up that only one person sees takes the client's default, which is the same.
    let mentions = &message["allowed_mentions"];
    demand(
        mentions["parse"] == json!([])
            && mentions["users"] == json!([])
            && mentions["roles"] == json!([]),
        format!("it may ping: {mentions}"),
    );
    if method == "POST" && path.ends_with("/messages") {
        demand(
            message["nonce"].is_string() && message["enforce_nonce"] == json!(true),
            "it may be posted twice".to_owned(),
        );
        demand(
            message["message_reference"].is_null()
                || message["message_reference"]["fail_if_not_exists"] == json!(false),
            "it fails where the question is gone".to_owned(),
        );
    }
    problems
}

fn keys(value: &Value, known: &[&str], demand: &mut impl FnMut(bool, String)) {
    for key in value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys())
    {
        demand(
            known.contains(&key.as_str()),
            format!("the key {key} is unknown"),
        );
    }
}

const MESSAGE_KEYS: &[&str] = &[
    "content",
    "embeds",
    "components",
    "allowed_mentions",
    "message_reference",
    "nonce",
    "enforce_nonce",
    "flags",
    "tts",
    "attachments",
    "sticker_ids",
];

const COMMAND_KEYS: &[&str] = &[
    "name",
    "description",
    "options",
    "type",
    "contexts",
    "integration_types",
    "name_localizations",
    "description_localizations",
    "nsfw",
    "default_member_permissions",
    "dm_permission",
    "handler",
];
