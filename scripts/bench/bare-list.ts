import express from 'express'
import pg from 'pg'

/** The reference of `list`: Express and the same SQL, with no account, validation, cursor or document. */
const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 })
const app = express()
app.get('/servers', async (_request, response) => {
  const { rows } = await pool.query(
    `select *, service_tag as sort_key, id::text as sort_id from servers
     where removed_at is null and model ilike $1 and health_status = $2
     order by service_tag desc, id desc limit 51`,
    ['%PowerEdge R750%', 'OK'],
  )
  response.json({ items: rows.slice(0, 50), next_cursor: rows.length > 50 ? rows[49]?.id : null })
})
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' && address ? address.port : 0)
})
