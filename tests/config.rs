//! The configuration file: its defaults, and how its mistakes are told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::Path};

use dateline::{
    config::{Config, DEFAULT_FILE},
    face::discord::Token,
    index::{Cluster, Credentials},
    language::{DateOrder, Language},
};

fn read(content: &str) -> (Config, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.toml");
    fs::write(&path, content).unwrap();
    let (config, problems) = Config::read(&path);
    let shown = problems
        .iter()
        .map(|problem| {
            problem
                .to_string()
                .replace(&*path.display().to_string(), "my.toml")
        })
        .collect();
    (config, shown)
}

#[test]
fn the_shipped_file_says_the_defaults() {
    let file = Path::new(DEFAULT_FILE);
    assert_eq!(Config::find(None).as_deref(), Some(file));
    let (config, problems) = Config::read(file);
    assert_eq!(problems, []);
    let mut default = Config::default();
    // Beside the file.
    default.store.url = "sqlite://config/dateline.db".to_owned();
    assert_eq!(config, default);
}

#[test]
fn the_shipped_file_names_every_key_and_explains_it() {
    let text = fs::read_to_string(DEFAULT_FILE).unwrap();
    let said: toml::Table = text.parse().unwrap();
    let wanted = toml::Table::try_from(Config::default()).unwrap();
    for (section, keys) in &wanted {
        for key in keys.as_table().unwrap().keys() {
            assert!(
                said[section].get(key).is_some(),
                "{DEFAULT_FILE} lacks {section}.{key}"
            );
        }
    }
    for block in text.split("\n\n") {
        let keys = block
            .lines()
            .any(|line| line.contains(" = ") && !line.starts_with('#'));
        let explained = block.lines().any(|line| line.starts_with('#'));
        assert!(!keys || explained, "no comment in {block:?}");
    }
}

#[test]
fn the_order_of_dates_goes_with_the_language() {
    let (config, problems) = read("[language]\ndate_order = \"month-day\"\n");
    assert!(problems.is_empty(), "{problems:?}");
    let language = Language::read(&config.language.source()).unwrap();
    assert_eq!(language.date_order, DateOrder::MonthDay);
    let (config, problems) = read("[language]\ndate_order = \"year-day\"\n");
    let [problem] = problems.as_slice() else {
        panic!("one mistake, not {problems:#?}");
    };
    assert!(
        problem.starts_with("my.toml:2: language.date_order: unknown variant"),
        "{problem}"
    );
    let language = Language::read(&config.language.source()).unwrap();
    assert_eq!(language.date_order, DateOrder::DayMonth);
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(read(""), (Config::default(), vec![]));
}

#[test]
fn every_mistake_is_told_at_once_with_its_line_and_key_and_the_rest_holds() {
    let (config, problems) = read(
        "[archive]\npath = \"x\"\n\n[answers]\nlimit = \"many\"\n\n[log]\nfilter = \"dateline=loud\"\n\n\
         [colours]\nred = 1\n",
    );
    let [path, limit, filter, colours] = problems.as_slice() else {
        panic!("four mistakes, not {problems:#?}");
    };
    assert!(
        path.starts_with("my.toml:2: archive.path: unknown field"),
        "{path}"
    );
    assert!(path.contains("`paths`"), "{path}");
    assert!(
        limit.starts_with("my.toml:5: answers.limit: invalid type"),
        "{limit}"
    );
    assert!(
        filter.starts_with("my.toml:8: log.filter: is no log filter"),
        "{filter}"
    );
    assert!(
        colours.starts_with("my.toml:10: [colours]: unknown field"),
        "{colours}"
    );
    assert_eq!(config, Config::default());
}

#[test]
fn a_value_that_makes_no_sense_is_told_as_well_as_one_of_the_wrong_type() {
    let (_, problems) = read(
        "[discord]\nprefix = \"! \"\npage_length = 9\nuser_cooldown = { burst = 1, minutes = 2 }\n",
    );
    let [prefix, length, cooldown] = problems.as_slice() else {
        panic!("three mistakes, not {problems:#?}");
    };
    assert!(
        prefix.starts_with("my.toml:2: discord.prefix: "),
        "{prefix}"
    );
    assert!(
        length.starts_with("my.toml:3: discord.page_length: "),
        "{length}"
    );
    assert!(
        cooldown.starts_with("my.toml:4: discord.user_cooldown: "),
        "{cooldown}"
    );
    assert!(cooldown.contains("minutes"), "{cooldown}");
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    let (_, problems) = read("[archive]\npaths = [\"x\"\n");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("my.toml:"), "{problems:?}");
}

#[test]
fn a_section_that_is_no_table_is_told() {
    let (_, problems) = read("archive = 5\n");
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("my.toml:1: archive: invalid type"),
        "{problems:?}"
    );
}

#[test]
fn paths_count_from_the_file_itself() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("config")).unwrap();
    let path = folder.path().join("config/my.toml");
    fs::write(
        &path,
        "[archive]\npaths = [\"../news\", \"here\", \"/abs\"]\n[language]\nfolder = \"../xx\"\n",
    )
    .unwrap();
    let (config, problems) = Config::read(&path);
    assert_eq!(problems, []);
    assert_eq!(
        config.archive.paths,
        [
            folder.path().join("news"),
            folder.path().join("config/here"),
            "/abs".into()
        ]
    );
    assert_eq!(config.language.folder, folder.path().join("xx"));
}

#[test]
fn a_file_that_is_named_and_missing_is_a_mistake() {
    let named = Path::new("no/such.toml");
    assert_eq!(Config::find(Some(named)).as_deref(), Some(named));
    let (_, problems) = Config::read(named);
    assert!(
        problems[0]
            .to_string()
            .starts_with("no/such.toml: cannot be read")
    );
}

#[test]
fn a_cluster_is_set_by_its_address_and_credentials_in_it_are_refused_unseen() {
    let (config, problems) =
        read("[index]\nurl = \"https://a:9200,https://b:9200\"\nindex = \"news\"");
    assert_eq!(problems, Vec::<String>::new());
    assert!(config.index.cluster(Credentials::None).unwrap().is_some());
    let (_, problems) = read("[index]\nurl = \"https://jane:s3cret@search.example\"");
    let [told] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert!(
        told.contains("index.url") && told.contains("DATELINE_INDEX_API_KEY"),
        "{told}"
    );
    assert!(!told.contains("s3cret") && !told.contains("jane"), "{told}");
    let none = Config::default().index.cluster(Credentials::None).unwrap();
    assert!(none.is_none());
}

#[test]
fn nothing_that_can_be_printed_for_debugging_shows_a_secret() {
    let (config, problems) = read("[store]\nurl = \"postgres://jane:s3cret@db.example/dateline\"");
    assert_eq!(problems, Vec::<String>::new());
    let printed = format!("{config:?} {config:#?}");
    assert!(printed.contains("db.example"), "{printed}");
    let key = Credentials::ApiKey("s3cret".to_owned());
    let basic = Credentials::Basic {
        user: "jane".to_owned(),
        password: "s3cret".to_owned(),
    };
    let cluster = Cluster::new("https://search.example", "", basic.clone()).unwrap();
    let token = Token::new("s3cret.token.of-a-bot").unwrap();
    for printed in [
        printed,
        format!("{key:?} {basic:?} {basic:#?}"),
        format!("{cluster:?}"),
        format!("{token:?} {token:#?}"),
    ] {
        assert!(!printed.contains("s3cret"), "{printed}");
    }
}
