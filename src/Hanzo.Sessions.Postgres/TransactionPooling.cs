using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Finds out whether a pooler breaks the statements that the app has told the driver to prepare. They work in session mode,
/// and with a pooler that gives them names of its own, as PgBouncer does since 1.21 with <c>max_prepared_statements</c>.
/// </summary>
internal static class TransactionPooling
{
    private static int _looks;

    /// <summary>Says what is wrong and what to do; null if nothing is.</summary>
    public static async Task<string?> FaultAsync(Database database, CancellationToken cancellationToken)
    {
        var one = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = one.ConfigureAwait(false);
        var process = await ProcessAsync(database, one).ConfigureAwait(false);
        if (process == one.ProcessID)
        {
            return null;
        }

        var other = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var closingToo = other.ConfigureAwait(false);
        var areSeparate = await ProcessAsync(database, other).ConfigureAwait(false) != process
            && await ProcessAsync(database, one).ConfigureAwait(false) == process;
        return areSeparate || !await AreShownAsPreparedAsync(one).ConfigureAwait(false)
            ? null
            : "A pooler in transaction mode stands between the app and PostgreSQL, and does not know the statements that Npgsql prepares: "
                + "calls would fail with 26000 or 42P05, or run another statement. Set Max Auto Prepare=0 in the connection string.";
    }

    // With a text of its own each time, so that the driver does not prepare it.
    private static async Task<int> ProcessAsync(Database database, NpgsqlConnection connection)
    {
        var command = database.Command(connection, string.Create(
            CultureInfo.InvariantCulture, $"SELECT pg_catalog.pg_backend_pid() -- {Interlocked.Increment(ref _looks)}"));
        await using var disposing = command.ConfigureAwait(false);
        var process = (int)(await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false))!;
        database.Connections.Note(connection, process);
        return process;
    }

    /// <summary>Whether the server has a prepared statement under the name that the driver gave it. Leaves nothing behind.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The text is written here.")]
    private static async Task<bool> AreShownAsPreparedAsync(NpgsqlConnection connection)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT EXISTS (SELECT FROM pg_catalog.pg_prepared_statements WHERE statement LIKE '%Hanzo.Sessions look {Interlocked.Increment(ref _looks)}%' AND name LIKE '\\_p%')");
        var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        await using var ending = transaction.ConfigureAwait(false);
        var command = new NpgsqlCommand(text, connection, transaction);
        await using var disposing = command.ConfigureAwait(false);
        try
        {
            await command.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.DuplicatePreparedStatement)
        {
            return true;
        }

        var shown = await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false) is true;
        await command.UnprepareAsync(CancellationToken.None).ConfigureAwait(false);
        return shown;
    }
}
