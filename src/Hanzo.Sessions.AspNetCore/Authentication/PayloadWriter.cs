using System.Buffers;
using System.Text;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Writes numbers (7 bits per byte, lowest first), text and lists of pairs.</summary>
internal sealed class PayloadWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Number(int value)
    {
        var rest = (uint)value;
        while (rest > 0x7F)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        _bytes.Write(value);
    }

    /// <summary>Writes 0 for null, an even number for known text, an odd one for the length of the text that follows.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Number(0);
        }
        else if (KnownText.TryGetNumber(value, out var known))
        {
            Number((known + 1) << 1);
        }
        else
        {
            var length = Encoding.UTF8.GetByteCount(value);
            Number((length << 1) | 1);
            Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length));
            _bytes.Advance(length);
        }
    }

    public void Items(IReadOnlyCollection<KeyValuePair<string, string?>> items)
    {
        Number(items.Count);
        foreach (var (key, value) in items)
        {
            Text(key);
            Text(value);
        }
    }
}
