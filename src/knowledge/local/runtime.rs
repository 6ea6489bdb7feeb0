//! Wrapper of ONNX Runtime: loads the shared library once for this process and computes with it on the calling thread.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::value::{Tensor, ValueType};

use super::LocalModelError;

/// ONNX Runtime allows one environment per process, and the library that was loaded first stays loaded.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// Tokens as the model reads them: rows of the same length, with 0 where a row is padded.
pub(super) struct Batch {
    pub rows: usize,
    pub length: usize,
    pub ids: Vec<i64>,
    pub mask: Vec<i64>,
}

/// A loaded model, used by one thread at a time.
pub(super) struct Model {
    session: Session,
    inputs: Vec<String>,
    /// Index of the output with the states of the tokens.
    output: usize,
}

/// The environment; the first call loads `library`.
pub(super) fn environment(library: &Path) -> Result<Environment, LocalModelError> {
    let mut environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = environment.as_ref() {
        return Ok(environment.clone());
    }
    let wrong = |error: String| LocalModelError::Runtime(library.to_owned(), error);
    let loaded = ort::init_from(library)
        .map_err(|error| wrong(error.to_string()))?
        .with_telemetry(false)
        .build()
        .map_err(|error| wrong(error.to_string()))?;
    loaded.set_log_level(LogLevel::Error);
    *environment = Some(loaded.clone());
    Ok(loaded)
}

impl Model {
    /// Reads `file`. The model computes on the calling thread and starts none of its own.
    pub fn load(environment: &Environment, file: &Path) -> ort::Result<Self> {
        let session = Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            // Memory patterns are cached for each input shape; here nearly every input has a new shape.
            .with_memory_pattern(false)?
            .commit_from_file(file)?;
        let inputs = session.inputs().iter().map(|input| input.name().to_owned()).collect();
        let output = session.outputs().iter().position(|output| width(output.dtype()).is_some()).unwrap_or(0);
        Ok(Self { session, inputs, output })
    }

    /// Dimensions of a token's state; `None` if no output has states of tokens.
    pub fn width(&self) -> Option<usize> {
        self.session.outputs().get(self.output).and_then(|output| width(output.dtype()))
    }

    /// The states of all tokens, row by row.
    pub fn states(&mut self, batch: Batch) -> ort::Result<Vec<f32>> {
        let shape = [batch.rows, batch.length];
        let types = vec![0; batch.ids.len()];
        let mut given =
            vec![("input_ids", batch.ids), ("attention_mask", batch.mask), ("token_type_ids", types)];
        given.retain(|(name, _)| self.inputs.iter().any(|input| input == name));
        let inputs: Vec<_> = given
            .into_iter()
            .map(|(name, values)| Ok((name, Tensor::from_array((shape, values))?)))
            .collect::<ort::Result<_>>()?;
        let outputs = self.session.run(inputs)?;
        let (_, states) = outputs[self.output].try_extract_tensor::<f32>()?;
        Ok(states.to_vec())
    }
}

/// The dimensions of an output of shape text × token × state.
fn width(output: &ValueType) -> Option<usize> {
    match output {
        ValueType::Tensor { shape, .. } if shape.len() == 3 => {
            shape.last().and_then(|width| usize::try_from(*width).ok())
        }
        ValueType::Tensor { .. }
        | ValueType::Sequence(_)
        | ValueType::Map { .. }
        | ValueType::Optional(_) => None,
    }
}
