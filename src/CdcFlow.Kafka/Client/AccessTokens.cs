using System.Net.Http.Headers;
using System.Text;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client;

/// <summary>Gets access tokens for client credentials from an OAuth 2 authorization server (RFC 6749 §4.4), and keeps each for all clients of a connection
/// until three quarters of its life are over, or ten seconds are left of it: a client asks for the next at four fifths.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class AccessTokens : IDisposable
{
    private const int AnswerBytesMax = 1 << 20;

    // A connection logs in again before its token ends, and brokers refuse to hear that within a second of the login.
    private static readonly TimeSpan lifeLeast = TimeSpan.FromSeconds(10);

    private readonly TokenEndpoint endpoint;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim asking = new(1);
    private (AccessToken Token, DateTimeOffset Until)? kept;

    /// <param name="endpoint">Where and with what.</param>
    /// <param name="http">How it is reached; disposed with this. It must follow no redirect.</param>
    /// <param name="time">The clock.</param>
    internal AccessTokens(TokenEndpoint endpoint, HttpClient http, TimeProvider time)
    {
        this.endpoint = endpoint;
        this.http = http;
        this.time = time;
        http.MaxResponseContentBufferSize = AnswerBytesMax;
    }

    /// <exception cref="KafkaException">CDCF5205: no usable answer; transient where the server may come back.</exception>
    internal async ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            if (kept is not { } known || known.Until <= now)
            {
                var token = await AskAsync(now, cancellationToken).ConfigureAwait(false);
                var life = token.Expires - now;
                kept = known = (token, now + (life / 4 < lifeLeast ? life - lifeLeast : life * 0.75));
            }

            return known.Token;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        asking.Dispose();
    }

    private async ValueTask<AccessToken> AskAsync(DateTimeOffset asked, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request();
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var status = (int)response.StatusCode;
                throw Refused(
                    $"it answered {status}{(status is >= 300 and < 400 ? ", and no redirect is followed with a secret" : "")}", isTransient: status is >= 500 or 408 or 429);
            }

            var answer = TokenAnswer.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return answer.Token is { } token ? new AccessToken(token, asked + answer.Lifetime, endpoint.ClientId) : throw Refused(answer.Problem!, isTransient: false);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw Refused($"its answer has more than {AnswerBytesMax} bytes", isTransient: false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Refused("it could not be reached", isTransient: true);
        }
    }

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

    // The cause may quote the answer, so it is never passed on.
    private KafkaException Refused(string reason, bool isTransient) => new(
        KafkaFailure.Refused, KafkaClientErrorCodes.Token, $"No access token from {endpoint}: {reason}.",
        "Check Token Endpoint, Client Id, Client Secret and Scope of the connection string; the endpoint answers a POST of the client credentials as RFC 6749 §5.1 has it.",
        isTransient ? ErrorDomain.External : ErrorDomain.User, isTransient)
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
