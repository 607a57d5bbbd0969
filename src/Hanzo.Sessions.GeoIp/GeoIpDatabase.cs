using System.Net;
using System.Net.Sockets;
using MaxMind.Db;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.GeoIp;

/// <summary>The database file, in memory. Once a minute at most, a lookup checks whether another file has taken its place.</summary>
internal sealed class GeoIpDatabase(IOptions<GeoIpOptions> options, TimeProvider clock, ILogger<GeoIpDatabase>? logger = null) : IDisposable
{
    private const int IPv4Only = 4;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    private readonly string _path = Path.GetFullPath(options.Value.DatabasePath);
    private readonly ILogger _logger = logger ?? NullLogger<GeoIpDatabase>.Instance;
    private readonly Lock _checking = new();
    private readonly ReaderWriterLockSlim _using = new();
    private Reader? _reader;
    private Reader? _faulty;
    private (DateTime Written, long Length) _seen;
    private long _checkedAt;
    private volatile bool _isChecked;

    private bool IsCheckDue => !_isChecked || clock.GetElapsedTime(Volatile.Read(ref _checkedAt)) >= CheckInterval;

    private string Consequence => _reader is null ? "no place is shown" : "the one that was read before stays in use";

    /// <summary>Returns what the database says of an address; null if it says nothing.</summary>
    public GeoIpRecord? Find(IPAddress address)
    {
        Check();
        _using.EnterReadLock();
        try
        {
            return _reader is null || (address.AddressFamily == AddressFamily.InterNetworkV6 && _reader.Metadata.IPVersion == IPv4Only)
                ? null
                : _reader.Find<GeoIpRecord>(address);
        }
#pragma warning disable CA1031 // A damaged file fails in many ways, and a list must not fail with it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (Interlocked.Exchange(ref _faulty, _reader) != _reader)
            {
                Log.RecordNotRead(_logger, _path, fault);
            }

            return null;
        }
        finally
        {
            _using.ExitReadLock();
        }
    }

    /// <summary>Reads the file if it is another one than before and the last check was a minute ago.</summary>
    public void Check()
    {
        if (!IsCheckDue || !_checking.TryEnter())
        {
            return;
        }

        try
        {
            if (!IsCheckDue)
            {
                return;
            }

            var now = clock.GetTimestamp();
            var file = new FileInfo(_path);
            var found = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (!_isChecked || found != _seen)
            {
                _seen = found;
                Read();
            }

            Volatile.Write(ref _checkedAt, now);
            _isChecked = true;
        }
        finally
        {
            _checking.Exit();
        }
    }

    public void Dispose()
    {
        Use(null);
        _using.Dispose();
    }

    private void Read()
    {
        try
        {
            var reader = new Reader(_path, FileAccessMode.Memory);
            Use(reader);
            Log.DatabaseRead(_logger, _path, reader.Metadata.DatabaseType, reader.Metadata.BuildDate);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            Log.NoDatabase(_logger, _path, Consequence);
        }
#pragma warning disable CA1031 // A damaged file fails in many ways, and a list must not fail with it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.DatabaseNotRead(_logger, _path, Consequence, fault);
        }
    }

    // The reader's memory is not the garbage collector's: it must be freed, and not while a lookup is in it.
    private void Use(Reader? reader)
    {
        _using.EnterWriteLock();
        try
        {
            (reader, _reader) = (_reader, reader);
        }
        finally
        {
            _using.ExitWriteLock();
        }

        reader?.Dispose();
    }
}
