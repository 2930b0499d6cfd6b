//! The words and weights of dating prove themselves on their own examples.

use std::sync::Arc;

use dateline::{
    article::Article,
    language::{Language, Source},
    passage::Reader,
};

#[test]
fn dating_examples_come_out_as_they_say() {
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    let reader = Reader::new(Arc::clone(&language)).unwrap();
    let mut wrong = Vec::new();
    for example in &language.dating.examples {
        let document = reader.read(Article {
            id: String::new(),
            headline: None,
            byline: None,
            outlet: None,
            published: example.published.parse().unwrap(),
            url: None,
            path: None,
            body: example.text.clone(),
        });
        let rows = document.rows();
        let scene = rows.scene(&document.article);
        let at = example.text.find(&example.event).unwrap();
        let found = reader.dater().event(&scene, at);
        let found = found.map(|dated| dated.value.to_string());
        if found.as_deref() != Some(&example.date) {
            wrong.push((&example.event, &example.text, &example.date, found));
        }
    }
    assert!(language.dating.examples.len() >= 10, "there are examples");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_weight_is_of_a_feature_that_there_is() {
    let language = Language::read(&Source::Embedded).unwrap();
    assert_eq!(
        dateline::dating::unknown_features(&language.dating_weights),
        Vec::<String>::new()
    );
}
