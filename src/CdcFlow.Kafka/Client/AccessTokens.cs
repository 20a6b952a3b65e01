using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client;

/// <summary>Gets access tokens for client credentials from an OAuth 2 authorization server (RFC 6749 §4.4).</summary>
/// <param name="endpoint">Where and with what.</param>
/// <param name="http">How it is reached.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessTokens(TokenEndpoint endpoint, HttpClient http, TimeProvider time) : IDisposable
{
    /// <exception cref="KafkaException">CDCF5205: no usable answer; transient where the server may come back.</exception>
    internal async ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        try
        {
            using var request = Request();
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused($"it answered {(int)response.StatusCode}", isTransient: (int)response.StatusCode >= 500);
            }

            using var answer = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), default, cancellationToken).ConfigureAwait(false);
            return Read(answer.RootElement, asked);
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Refused("it could not be reached", isTransient: true);
        }
        catch (JsonException)
        {
            throw Refused("its answer is no JSON", isTransient: false); // the cause may quote the answer
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Request()
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "client_credentials" };
        if (endpoint.Scope is { } scope)
        {
            form["scope"] = scope;
        }

        var credentials = $"{Uri.EscapeDataString(endpoint.ClientId)}:{Uri.EscapeDataString(endpoint.ClientSecret)}";
        return new HttpRequestMessage(HttpMethod.Post, endpoint.Address)
        {
            Content = new FormUrlEncodedContent(form),
            Headers =
            {
                Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))),
                Accept = { new MediaTypeWithQualityHeaderValue("application/json") },
            },
        };
    }

    private AccessToken Read(JsonElement answer, DateTimeOffset asked)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("access_token", out var token) || token.GetString() is not { Length: > 0 } value)
        {
            throw Refused("its answer has no access_token", isTransient: false);
        }

        var seconds = answer.TryGetProperty("expires_in", out var lifetime) && lifetime.TryGetInt64(out var given) ? given : 300;
        return new AccessToken(value, asked.AddSeconds(seconds), endpoint.ClientId);
    }

    private KafkaException Refused(string reason, bool isTransient) => new(
        KafkaFailure.Refused, KafkaClientErrorCodes.Token, $"No access token from {endpoint}: {reason}.",
        "Check Token Endpoint, Client Id, Client Secret and Scope of the connection string.", isTransient ? ErrorDomain.External : ErrorDomain.User, isTransient)
    { IsAway = isTransient };
}

/// <summary>A token. Prints nothing of it.</summary>
/// <param name="value">The token.</param>
/// <param name="expires">Until when it is good.</param>
/// <param name="principal">Whose it is.</param>
internal sealed class AccessToken(string value, DateTimeOffset expires, string principal)
{
    internal string Value { get; } = value;

    internal DateTimeOffset Expires { get; } = expires;

    internal string Principal { get; } = principal;
}
