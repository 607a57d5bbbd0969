using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The claims and properties of a sign-in as the bytes that are stored with its session. The first byte is the version of
/// the format.
/// </summary>
internal static class TicketPayload
{
    /// <summary>The key, among the properties of a protected cookie, of its session's token.</summary>
    public const string CookieTokenKey = "hanzo.token";

    private const byte Version = 1;

    private const string TokenPrefix = ".Token";

    /// <summary>The key, among the properties of a sign-in, of tokens that could not be decrypted, still encrypted.</summary>
    private const string LockedTokens = "hanzo.locked-tokens";

    // The framework's own keys are left out because the session decides how long a ticket lasts, and a redirect belongs to
    // one request. The locked tokens have their own place. The token of a protected cookie, whose properties an app may
    // pass on, is never stored.
    private static readonly string[] NotKept =
        [".issued", ".expires", ".refresh", ".redirect", LockedTokens, CookieTokenKey];

    /// <param name="principal">The principal that signed in.</param>
    /// <param name="properties">The properties of the sign-in.</param>
    /// <param name="tokenProtector">Encrypts the tokens among the properties; null drops them.</param>
    /// <param name="scheme">The scheme of the session; null, which is not written, for the default one.</param>
    public static byte[] Write(
        ClaimsPrincipal principal, AuthenticationProperties properties, IDataProtector? tokenProtector, string? scheme = null)
    {
        var writer = new PayloadWriter();
        writer.Byte(Version);
        var kept = properties.Items.Where(item => !NotKept.Contains(item.Key, StringComparer.Ordinal)).ToLookup(IsToken);
        writer.Items([.. kept[false]]);
        writer.Bytes(
            tokenProtector is null ? []
            : kept[true].Any() ? tokenProtector.Protect(Tokens([.. kept[true]]))
            : properties.Items.TryGetValue(LockedTokens, out var locked) ? Convert.FromBase64String(locked!)
            : []);
        var identities = principal.Identities.ToList();
        writer.Number(identities.Count);
        identities.ForEach(identity => Write(writer, identity));
        if (scheme is not null)
        {
            writer.Text(scheme);
        }

        return writer.ToArray();
    }

    /// <summary>Reads a new principal, and the rest of the payload.</summary>
    /// <exception cref="InvalidDataException">The payload has another version: a newer server may have written it.</exception>
    public static KeptTicket Read(ReadOnlySpan<byte> payload, IDataProtector? tokenProtector)
    {
        var reader = new PayloadReader(payload);
        var version = reader.Byte();
        if (version != Version)
        {
            throw new InvalidDataException(
                $"The payload of the session has version {version}; this server knows version {Version}.");
        }

        var properties = new AuthenticationProperties(reader.Items());
        var tokens = reader.Bytes();
        var fault = tokens.IsEmpty || tokenProtector is null ? null : Decrypt(tokens.ToArray(), tokenProtector, properties);
        var principal = new ClaimsPrincipal();
        for (var count = reader.Number(); count > 0; count--)
        {
            principal.AddIdentity(ReadIdentity(ref reader));
        }

        return new KeptTicket(principal, properties, reader.IsAtEnd ? null : reader.Text(), fault);
    }

    private static bool IsToken(KeyValuePair<string, string?> item) => item.Key.StartsWith(TokenPrefix, StringComparison.Ordinal);

    private static byte[] Tokens(IReadOnlyCollection<KeyValuePair<string, string?>> items)
    {
        var writer = new PayloadWriter();
        writer.Items(items);
        return writer.ToArray();
    }

    // The principal does not depend on the key ring, so a missing key ring locks no user out. It may return: until then a
    // refresh keeps the tokens encrypted.
    private static CryptographicException? Decrypt(byte[] tokens, IDataProtector protector, AuthenticationProperties properties)
    {
        try
        {
            foreach (var (key, value) in new PayloadReader(protector.Unprotect(tokens)).Items())
            {
                properties.Items[key] = value;
            }

            return null;
        }
        catch (CryptographicException fault)
        {
            properties.Items[LockedTokens] = Convert.ToBase64String(tokens);
            return fault;
        }
    }

    private static void Write(PayloadWriter writer, ClaimsIdentity identity)
    {
        writer.Text(identity.AuthenticationType);
        writer.Text(identity.NameClaimType);
        writer.Text(identity.RoleClaimType);
        writer.Text(identity.Label);
        var claims = identity.Claims.ToList();
        writer.Number(claims.Count);
        foreach (var claim in claims)
        {
            writer.Text(claim.Type);
            writer.Text(claim.Value);
            writer.Text(claim.ValueType);
            writer.Text(claim.Issuer);
            writer.Text(claim.OriginalIssuer);
            writer.Items([.. claim.Properties.Select(property => KeyValuePair.Create(property.Key, (string?)property.Value))]);
        }

        writer.Number(identity.Actor is null ? 0 : 1);
        if (identity.Actor is not null)
        {
            Write(writer, identity.Actor);
        }
    }

    private static ClaimsIdentity ReadIdentity(ref PayloadReader reader)
    {
        var identity = new ClaimsIdentity(reader.Text(), reader.Text(), reader.Text()) { Label = reader.Text() };
        for (var count = reader.Number(); count > 0; count--)
        {
            var claim = new Claim(
                reader.Text()!, reader.Text()!, reader.Text(), reader.Text(), reader.Text(), identity);
            for (var properties = reader.Number(); properties > 0; properties--)
            {
                claim.Properties.Add(reader.Text()!, reader.Text()!);
            }

            identity.AddClaim(claim);
        }

        if (reader.Number() == 1)
        {
            identity.Actor = ReadIdentity(ref reader);
        }

        return identity;
    }
}
