using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Sessions.AspNetCore.Tests.Location;

/// <summary>
/// Writes a small database in MaxMind's format: a search tree over the bits of an address, the records that it leads to, and
/// a description of both. A record is text, a number, a list or a dictionary of these.
/// </summary>
internal sealed class MmdbWriter(string type = "GeoLite2-City", int version = 6)
{
    private const int None = -1;
    private const int Separator = 16;

    private readonly List<int[]> _nodes = [[None, None]];
    private readonly List<object> _records = [];

    /// <summary>Adds a network such as "203.0.113.0/24" and what the database says of it.</summary>
    public MmdbWriter Add(string network, object record)
    {
        var (bits, length) = Bits(IPNetwork.Parse(network));
        _records.Add(record);
        var node = 0;
        for (var i = 0; i < length - 1; i++)
        {
            if (_nodes[node][bits[i]] == None)
            {
                _nodes.Add([None, None]);
                _nodes[node][bits[i]] = _nodes.Count - 1;
            }

            node = _nodes[node][bits[i]];
        }

        _nodes[node][bits[length - 1]] = -1 - _records.Count;
        return this;
    }

    /// <summary>Adds a network with a city and a country, or a country alone, in one language.</summary>
    public MmdbWriter Add(string network, string? city, string country) => Add(
        network,
        city is null
            ? Map(("country", Map(("names", Map(("en", country))))))
            : Map(("city", Map(("names", Map(("en", city))))), ("country", Map(("names", Map(("en", country)))))));

    public static Dictionary<string, object> Map(params (string Key, object Value)[] entries) =>
        entries.ToDictionary(it => it.Key, it => it.Value, StringComparer.Ordinal);

    public byte[] ToArray()
    {
        using var data = new MemoryStream();
        List<int> offsets = [];
        foreach (var record in _records)
        {
            offsets.Add((int)data.Length);
            Write(data, record);
        }

        using var file = new MemoryStream();
        var number = new byte[sizeof(int)];
        foreach (var target in _nodes.SelectMany(node => node))
        {
            BinaryPrimitives.WriteInt32BigEndian(number, target switch
            {
                None => _nodes.Count,
                < None => _nodes.Count + Separator + offsets[-2 - target],
                _ => target,
            });
            file.Write(number);
        }

        file.Write(new byte[Separator]);
        data.WriteTo(file);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        Write(file, Map(
            ("node_count", (uint)_nodes.Count), ("record_size", (ushort)32), ("ip_version", (ushort)version), ("database_type", type),
            ("languages", new List<object> { "en" }), ("binary_format_major_version", (ushort)2),
            ("binary_format_minor_version", (ushort)0), ("build_epoch", 1_767_225_600UL), ("description", Map(("en", "A test")))));
        return file.ToArray();
    }

    private (int[] Bits, int Length) Bits(IPNetwork network)
    {
        var isPrefixed = version == 6 && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        byte[] bytes = [.. new byte[isPrefixed ? 12 : 0], .. network.BaseAddress.GetAddressBytes()];
        return ([.. bytes.SelectMany(it => Enumerable.Range(0, 8).Select(bit => (it >> (7 - bit)) & 1))], network.PrefixLength + (isPrefixed ? 96 : 0));
    }

    private static void Write(Stream to, object value)
    {
        switch (value)
        {
            case string text:
                Control(to, 2, Encoding.UTF8.GetByteCount(text));
                to.Write(Encoding.UTF8.GetBytes(text));
                break;
            case ushort number:
                Number(to, 5, number, sizeof(ushort));
                break;
            case uint number:
                Number(to, 6, number, sizeof(uint));
                break;
            case ulong number:
                Number(to, 9, number, sizeof(ulong));
                break;
            case List<object> list:
                Control(to, 11, list.Count);
                list.ForEach(it => Write(to, it));
                break;
            case Dictionary<string, object> map:
                Control(to, 7, map.Count);
                foreach (var (key, entry) in map)
                {
                    Write(to, key);
                    Write(to, entry);
                }

                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no form in the database.", nameof(value));
        }
    }

    private static void Number(Stream to, int kind, ulong number, int size)
    {
        Control(to, kind, size);
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        to.Write(bytes.AsSpan(sizeof(ulong) - size));
    }

    /// <summary>The kind of what follows and its size: kinds from 8 on, and sizes from 29 on, take a byte more.</summary>
    private static void Control(Stream to, int kind, int size)
    {
        var small = Math.Min(size, 29);
        if (kind > 7)
        {
            to.Write([(byte)small, (byte)(kind - 7)]);
        }
        else
        {
            to.WriteByte((byte)((kind << 5) | small));
        }

        if (size >= 29)
        {
            to.WriteByte(checked((byte)(size - 29)));
        }
    }
}
