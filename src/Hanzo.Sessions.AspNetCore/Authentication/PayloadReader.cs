namespace Hanzo.Sessions.AspNetCore;

/// <summary>Reads the format of <see cref="PayloadWriter"/>.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    // The handler adds the session's id and its two instants.
    private const int RoomForMore = 3;

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public int Number()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= int.MaxValue ? (int)value : throw Broken();
            }
        }

        throw Broken();
    }

    public ReadOnlySpan<byte> Bytes() => Take(Number());

    public string? Text()
    {
        var number = Number();
        return number switch
        {
            0 => null,
            _ when (number & 1) == 0 => KnownText.Find((number >> 1) - 1) ?? throw Broken(),
            _ => TextPool.Read(Take(number >> 1)),
        };
    }

    public Dictionary<string, string?> Items()
    {
        var count = Number();
        var items = new Dictionary<string, string?>(Math.Min(count, 16) + RoomForMore, StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            items[Text() ?? throw Broken()] = Text();
        }

        return items;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Broken();
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static InvalidDataException Broken() => new("The payload of the session is truncated or has another format.");
}
