// A session of the official client with the program: prints what it was given, as one JSON document. FTE_URL, FTE_MCP_TOKEN,
// and FTE_CONVERSATION are its input.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const { FTE_URL: base, FTE_MCP_TOKEN: token, FTE_CONVERSATION: conversation } = process.env;
const transport = new StreamableHTTPClientTransport(new URL('/mcp', base), {
  requestInit: { headers: { Authorization: `Bearer ${token}` } },
});
const client = new Client({ name: 'fte-tests', version: '1.0.0' });
await client.connect(transport);
const server = client.getServerVersion()?.name;

const names = (items) => items.map(({ name }) => name);
const { tools } = await client.listTools();
const search = await client.callTool({ name: 'search_knowledge_base', arguments: { query: 'How do I reset my password?' } });
const history = await client.callTool({ name: 'get_customer_history', arguments: { conversation_id: conversation } });
const { resources } = await client.listResources();
const article = await client.readResource({ uri: resources[0].uri });
const transcript = await client.readResource({ uri: `fte://conversations/${conversation}` });
const { prompts } = await client.listPrompts();
const prompt = await client.getPrompt({ name: 'summarize_ticket', arguments: { conversation_id: conversation } });
const unknown = await client.readResource({ uri: 'fte://conversations/none' }).catch((error) => error.code);
await client.close();

console.log(
  JSON.stringify({
    server,
    tools: names(tools),
    relevant: search.structuredContent.relevant,
    history: history.structuredContent,
    article: article.contents[0].text,
    transcript: transcript.contents[0].text,
    prompts: names(prompts),
    prompt: prompt.messages.length,
    unknown,
  }),
);
