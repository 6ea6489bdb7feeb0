//! The queue and its threads, with a computation that does what the text says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::*;

/// The vector of a text is its length; some words do something else.
#[derive(Default)]
struct ByText {
    calls: AtomicUsize,
    gate: Option<Mutex<mpsc::Receiver<()>>>,
}

impl Encode for ByText {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.gate {
            let opened = gate.lock().unwrap().recv_timeout(Duration::from_secs(20));
            opened.map_err(|error| error.to_string())?;
        }
        assert!(!texts.iter().any(|text| text == "panic"), "told to");
        if texts.iter().any(|text| text == "too few") {
            return Ok(Vec::new());
        }
        Ok(texts.iter().map(|text| vec![f32::from(u8::try_from(text.len()).unwrap())]).collect())
    }
}

fn pool(threads: usize, max_texts: usize) -> PoolSettings {
    let rest_after = Duration::from_millis(1);
    PoolSettings { name: "test", threads, max_texts, priority: Priority::Turn, rest_after }
}

fn one(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

#[tokio::test]
async fn each_asker_gets_the_vectors_of_its_own_texts() {
    let workers = Workers::start(&Arc::new(ByText::default()), pool(2, 100)).unwrap();
    let asked = ["a", "bb", "ccc"].map(|text| workers.embed(vec![text.to_owned(), format!("{text}!")]));
    let answers = futures_util::future::join_all(asked).await;
    let expected = [1.0, 2.0, 3.0].map(|length| Ok(vec![vec![length], vec![length + 1.0]]));
    assert_eq!(answers, expected);
}

#[tokio::test]
async fn a_panic_costs_its_own_texts_alone() {
    let (open, gate) = mpsc::channel();
    let encode = Arc::new(ByText { gate: Some(Mutex::new(gate)), ..ByText::default() });
    let workers = Workers::start(&encode, pool(1, 100)).unwrap();
    // The first keeps the thread busy, so that the others become one batch.
    let asked = ["first", "aa", "panic", "too few"].map(|text| workers.embed(one(text)));
    for _ in 0..5 {
        open.send(()).unwrap();
    }
    let answers = futures_util::future::join_all(asked).await;
    assert_eq!(answers[0], Ok(vec![vec![5.0]]));
    assert_eq!(answers[1], Ok(vec![vec![2.0]]));
    assert_eq!(answers[2], Err(EmbedError::Failed("panic: told to".to_owned())));
    assert_eq!(answers[3], Err(EmbedError::Failed("0 vectors for 1 texts".to_owned())));
    open.send(()).unwrap();
    assert_eq!(workers.embed(one("after")).await, Ok(vec![vec![5.0]]), "the thread lives on");
}

#[tokio::test]
async fn what_does_not_fit_into_the_queue_is_refused_and_what_nobody_wants_is_not_computed() {
    let (open, gate) = mpsc::channel();
    let encode = Arc::new(ByText { gate: Some(Mutex::new(gate)), ..ByText::default() });
    let workers = Workers::start(&encode, pool(1, 3)).unwrap();
    let first = workers.embed(one("first"));
    while encode.calls.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    let unwanted = workers.embed(one("panic"));
    let waiting = workers.embed(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(workers.embed(one("too much")).await, Err(EmbedError::Busy));
    drop(unwanted);
    open.send(()).unwrap();
    open.send(()).unwrap();
    assert_eq!(first.await, Ok(vec![vec![5.0]]));
    assert_eq!(waiting.await, Ok(vec![vec![1.0], vec![1.0]]));
    assert_eq!(encode.calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn who_asks_one_question_after_another_is_never_refused() {
    let workers = Workers::start(&Arc::new(ByText::default()), pool(1, 100)).unwrap();
    // So long that two of them are more than may wait.
    let question = "a".repeat(255);
    for _ in 0..200 {
        assert!(workers.embed(vec![question.clone(); 4]).await.is_ok());
    }
}

/// Counts how often it was told that nothing is left to compute.
#[derive(Default)]
struct Rests(AtomicUsize);

impl Encode for Rests {
    fn encode(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        Ok(vec![vec![0.0]; texts.len()])
    }

    fn rest(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_computation_hears_once_when_nothing_is_left() {
    let encode = Arc::new(Rests::default());
    let workers = Workers::start(&encode, pool(1, 100)).unwrap();
    for rests in 1..4 {
        while encode.0.load(Ordering::SeqCst) < rests {
            std::thread::yield_now();
        }
        assert_eq!(encode.0.load(Ordering::SeqCst), rests);
        assert!(workers.embed(one("a")).await.is_ok());
    }
}
