//! The stdio transport: one client on standard input and output, until it closes them.

use rmcp::ServiceExt;
use rmcp::transport::stdio;

use super::handler::McpServer;

/// Why a client was not served to its end.
#[derive(Debug, thiserror::Error)]
#[error("could not serve the MCP client: {0}")]
pub struct StdioError(String);

/// Serves until standard input ends.
pub async fn serve_stdio(server: McpServer) -> Result<(), StdioError> {
    let running = server.serve(stdio()).await.map_err(|error| StdioError(error.to_string()))?;
    running.waiting().await.map(drop).map_err(|error| StdioError(error.to_string()))
}
