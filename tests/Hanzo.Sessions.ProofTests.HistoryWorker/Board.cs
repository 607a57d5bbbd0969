using System.IO.MemoryMappedFiles;
using System.Text;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>
/// What the clients of a history share, in memory that a second process can map: the time of day, and the last six
/// tokens of every user. A token that is read while it is overwritten is one that nobody has; no history minds.
/// </summary>
internal sealed class Board : IDisposable
{
    public const int LastTokens = 6;

    private const int MostUsers = 8;
    private const int TokenLength = 47;
    private const int IdLength = 32;
    private const int SlotSize = 128;
    private const int UserSize = 64 + (LastTokens * SlotSize);
    private const int Size = 64 + (MostUsers * UserSize);

    private readonly Lock _lock = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _memory;

    private readonly TimeSpan _tick;

    private Board(MemoryMappedFile file, TimeSpan tick = default)
    {
        _file = file;
        _tick = tick;
        _memory = file.CreateViewAccessor(0, Size);
    }

    /// <summary>A board for one process.</summary>
    /// <param name="now">What time it is.</param>
    /// <param name="tick">How far the time moves whenever somebody looks: with none, many sessions begin at one instant.</param>
    public static Board InMemory(DateTimeOffset now, TimeSpan tick = default)
    {
        var board = new Board(MemoryMappedFile.CreateNew(mapName: null, Size), tick);
        board.SetNow(now);
        return board;
    }

    /// <summary>A board that another process can open too.</summary>
    public static Board Create(string path, DateTimeOffset now)
    {
        var board = new Board(MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, mapName: null, Size));
        board.SetNow(now);
        return board;
    }

    /// <summary>The board that another process has created.</summary>
    public static Board Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, Size));

    public DateTimeOffset Now => _tick == default ? Shown : Advance(_tick);

    /// <summary>Moves the time on. Only the process that created the board does it.</summary>
    public DateTimeOffset Advance(TimeSpan by)
    {
        lock (_lock)
        {
            SetNow(Shown + by);
            return Shown;
        }
    }

    /// <summary>Forgets all tokens, before the next history.</summary>
    public void Clear()
    {
        var empty = new byte[Size - 64];
        _memory.WriteArray(64, empty, 0, empty.Length);
    }

    /// <summary>Shows a token to all clients.</summary>
    public void Publish(int user, KnownSession session)
    {
        lock (_lock)
        {
            var start = StartOf(user);
            var count = _memory.ReadInt64(start);
            var slot = new byte[SlotSize];
            Encoding.ASCII.GetBytes(session.Token, slot);
            Encoding.ASCII.GetBytes(session.Id.ToString(), slot.AsSpan(TokenLength));
            _memory.WriteArray(start + 64 + (count % LastTokens * SlotSize), slot, 0, SlotSize);
            _memory.Write(start, count + 1);
        }
    }

    /// <summary>One of the last tokens of a user; null when there is none.</summary>
    public KnownSession? Read(int user, int slot)
    {
        var bytes = new byte[SlotSize];
        _memory.ReadArray(StartOf(user) + 64 + (slot * SlotSize), bytes, 0, SlotSize);
        return SessionId.TryParse(Encoding.ASCII.GetString(bytes, TokenLength, IdLength), out var id)
            ? new KnownSession(user, id, Encoding.ASCII.GetString(bytes, 0, TokenLength))
            : null;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file.Dispose();
    }

    private DateTimeOffset Shown => DateTimeOffset.FromUnixTimeMilliseconds(_memory.ReadInt64(0));

    private static int StartOf(int user) => 64 + (user * UserSize);

    private void SetNow(DateTimeOffset now) => _memory.Write(0, now.ToUnixTimeMilliseconds());
}

/// <summary>A session that a client knows by its id and its token.</summary>
internal sealed record KnownSession(int User, SessionId Id, string Token);
