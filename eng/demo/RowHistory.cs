using System.Runtime.CompilerServices;
using Npgsql;

namespace Shop;

/// <summary>What the shop's own log of truth, which a trigger writes in the transaction of each change, says of an order.</summary>
/// <param name="Key">Its id.</param>
/// <param name="First">The revision with which it began.</param>
/// <param name="Last">Its last revision.</param>
/// <param name="EndedAt">When it was deleted or got another id; null while it is there.</param>
public readonly record struct RowHistory(long Key, int First, int Last, DateTimeOffset? EndedAt)
{
    /// <summary>Makes the log for a table of orders; what is in it has its first revision.</summary>
    public const string Table =
        """
        CREATE TABLE order_history (id bigint NOT NULL, revision int, at timestamptz NOT NULL DEFAULT clock_timestamp());
        INSERT INTO order_history SELECT id, revision FROM orders;
        CREATE FUNCTION note_history() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
          IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.id <> NEW.id) THEN INSERT INTO order_history VALUES (OLD.id, NULL); END IF;
          IF TG_OP <> 'DELETE' THEN INSERT INTO order_history VALUES (NEW.id, NEW.revision); END IF;
          RETURN NULL;
        END $f$;
        CREATE TRIGGER note_history AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION note_history();
        """;

    public static async IAsyncEnumerable<RowHistory> ReadAsync(NpgsqlDataSource shop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = shop.CreateCommand("SELECT id, min(revision), max(revision), max(at) FILTER (WHERE revision IS NULL) FROM order_history GROUP BY id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new RowHistory(
                reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(3));
        }
    }
}
